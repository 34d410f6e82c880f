import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity } from "../../api/queries";
import type { ImportOptions, ImportUpload } from "../../api/types";
import { t } from "../../texts";
import { count } from "../../texts/format";
import { problemText } from "../../texts/problems";
import { Button, Note, Progress } from "../../ui/controls";
import { navigate } from "../../ui/router";
import { useMe, useRoom } from "../session/me";
import { goodRows, reportOf, useImport } from "./use-import";

/** The import goes on in the server; this page only looks, and may be left. */
export function Publication({ upload, options, rows, onAgain }: {
  upload: ImportUpload;
  options: ImportOptions;
  /** Rows of the file, as the check counted them. */
  rows: number;
  onAgain: () => void;
}) {
  const { entity } = useMe();
  const room = useRoom();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(idempotencyKey);
  const path = inEntity(entity.entity, "imports", upload.import_id);
  const read = useImport(upload);
  useEffect(() => {
    post(`${path}/publication`, options, key)
      .then((state) => client.setQueryData(["import", entity.entity, upload.import_id], state))
      .catch(setError);
    // Once: the key makes a second call the same one.
  }, [path, key, client, entity.entity, upload.import_id]);
  const state = read.data.state;
  const report = reportOf(read.data);
  const finished = state === "published";
  const failed = state === "failed" || state === "refused";
  useEffect(() => {
    if (finished) void client.invalidateQueries({ queryKey: ["entity", entity.entity] });
  }, [finished, client, entity.entity]);
  const done = read.data.rows;
  return (
    <section className="card import-drop" aria-label={t("import.step_3")} data-pane>
      <div className="drop">
        <p className="b" role="status">
          {finished ? t("import.state_done", { done: count(report ? goodRows(report) : done) })
            : failed ? t("import.state_failed")
              : t("import.state_running", { done: count(done), total: count(rows) })}
        </p>
        {!finished && !failed && (
          <span className="progress">
            <Progress done={done} total={rows} label={t("import.state_running", { done, total: rows })} />
          </span>
        )}
        {read.data.problem && <Note tone="bad" icon="err">{read.data.problem.detail}</Note>}
        {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
        <div className="row">
          {finished && (
            <Button kind="primary" onClick={() => navigate(room("aging"))}>{t("room.aging")}</Button>
          )}
          {(finished || failed) && <Button onClick={onAgain}>{t("import.again")}</Button>}
        </div>
      </div>
    </section>
  );
}
