import { useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity, useRefresh } from "../../api/queries";
import { t } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Checkbox, Note } from "../../ui/controls";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import { useMe } from "../session/me";

export function NoteDialog({ customer, onClose }: { customer: string; onClose: () => void }) {
  const { entity } = useMe();
  const refresh = useRefresh(entity.entity);
  const [text, setText] = useState("");
  const [pinned, setPinned] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(idempotencyKey);
  async function save() {
    try {
      await post(inEntity(entity.entity, "customers", customer, "notes"), { text, pinned }, key);
      void refresh("customers", customer);
      toast(t("note.saved"));
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }
  return (
    <Dialog title={t("note.title")} className="small" onClose={onClose} closeLabel={t("action.close")}
      footer={(
        <Button kind="primary" disabled={!text.trim()} onClick={() => void save()}>
          {t("action.save")}
        </Button>
      )}>
      <div className="body">
        <textarea autoFocus className="in area" rows={5} aria-label={t("note.title")} value={text}
          onChange={(event) => setText(event.target.value)} />
        <label className="row">
          <Checkbox checked={pinned} onChange={(event) => setPinned(event.target.checked)} />
          {t("note.pin")}
        </label>
        {error !== null && <Note tone="bad" icon="err">{problemText(error)}</Note>}
      </div>
    </Dialog>
  );
}
