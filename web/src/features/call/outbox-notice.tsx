import { useEffect } from "react";
import { t } from "../../texts";
import { Button } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { navigate } from "../../ui/router";
import { useMe, useRoom } from "../session/me";
import { useCallDraft } from "./draft";
import { drop, sendFor, useOutbox, type Waiting } from "./outbox";

/** Entries that wait for the server, and those that it refused when they came late. */
export function OutboxNotice() {
  const { session } = useMe();
  const waiting = useOutbox(session.login);
  useEffect(() => sendFor(session.login), [session.login]);
  if (waiting.length === 0) return null;
  const refused = waiting.filter((one) => one.refused);
  return (
    <div className="outbox" role="status">
      {waiting.length > refused.length && (
        <div className="note warn">
          <Icon name="plug" />
          {t("outbox.waiting", { count: waiting.length - refused.length })}
        </div>
      )}
      {refused.map((one) => <Refused key={one.key} entry={one} />)}
    </div>
  );
}

function Refused({ entry }: { entry: Waiting }) {
  const room = useRoom();
  const { restore } = useCallDraft(entry.login, entry.entity, entry.customer);
  return (
    <div className="note bad">
      <Icon name="err" />
      <span>{t("outbox.refused", { name: entry.name, why: entry.refused ?? "" })}</span>
      <Button small onClick={() => {
        restore({ ...entry.draft, logged: entry.key !== entry.draft.key });
        drop(entry.key);
        navigate(`${room("worklist")}?customer=${encodeURIComponent(entry.customer)}`);
      }}>{t("outbox.open")}</Button>
    </div>
  );
}
