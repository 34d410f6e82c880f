import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { change, post } from "../../api/client";
import { useServerClock } from "../../api/clock";
import { inEntity } from "../../api/queries";
import { fullDay, instantAt, nextWorkday, time } from "../../texts/format";
import { t } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Note } from "../../ui/controls";
import { DayField } from "../../ui/day-field";
import { Dialog } from "../../ui/dialog";
import { toast } from "../../ui/toast";
import { useMe } from "../session/me";

/** Says which day the entity works on; in a rehearsal the clock may go forward and the day be run. */
export function BusinessDate({ onClose }: { onClose: () => void }) {
  const { session, entity, can } = useMe();
  const client = useQueryClient();
  const [day, setDay] = useState(nextWorkday(entity.today));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const clock = useServerClock();
  const mayMove = session.rehearsal && can("run_day");

  async function move() {
    setBusy(true);
    setError(null);
    try {
      await change("PUT", "/clock", { now: instantAt(day, "08:00", entity.time_zone) });
      await post(inEntity(entity.entity, "runs"));
      await client.invalidateQueries();
      toast(t("date.moved", { day: fullDay(day) }));
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog title={t("date.title")} className="small" onClose={onClose} closeLabel={t("action.close")}
      footer={mayMove && (
        <Button kind="primary" disabled={busy || day <= entity.today} onClick={() => void move()}>
          {t("date.move", { day: fullDay(day) })}
        </Button>
      )}>
      <div className="body">
        <p>
          {t("date.text", {
            entity: entity.name, day: fullDay(entity.today), zone: entity.time_zone,
          })}
          {clock.data && ` ${t("date.clock", { time: time(clock.data.now, entity.time_zone) })}`}
        </p>
        {mayMove && (
          <label className="field">
            <span className="label">{t("date.next")}</span>
            <DayField label={t("date.next")} value={day} businessDate={entity.today} future
              onChange={setDay} />
          </label>
        )}
        {session.rehearsal && <Note icon="info">{t("date.rehearsal")}</Note>}
        {error !== null && <Note tone="bad" icon="err">{problemText(error)}</Note>}
      </div>
    </Dialog>
  );
}
