import { type DragEvent, useRef, useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity } from "../../api/queries";
import type { ImportUpload } from "../../api/types";
import { t, tCode } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Note } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { useMe } from "../session/me";

const kinds = [
  "invoices", "open-items", "payments", "customers", "contacts", "allocations", "rates",
] as const;
type Kind = (typeof kinds)[number];

/** The file goes to the server as it is; nothing is read in the browser, however long it is. */
export function ChooseFile({ onUploaded }: { onUploaded: (upload: ImportUpload) => void }) {
  const { entity } = useMe();
  const [kind, setKind] = useState<Kind>("invoices");
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState("");
  const [error, setError] = useState<unknown>(null);
  const picker = useRef<HTMLInputElement>(null);
  async function take(file: File | undefined) {
    if (!file) return;
    setBusy(file.name);
    setError(null);
    const query = new URLSearchParams({ kind, file_name: file.name });
    try {
      const path = `${inEntity(entity.entity, "imports")}?${query.toString()}`;
      onUploaded(await post<ImportUpload>(path, file.slice(0, file.size, "text/csv"), idempotencyKey()));
    } catch (failure) {
      setError(failure);
      setBusy("");
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <section className="card import-drop" aria-label={t("import.step_1")} data-pane>
      <fieldset className="plain">
        <legend className="label">{t("import.kind")}</legend>
        <div className="row wrap">
          {kinds.map((one) => (
            <label key={one} className={`key${kind === one ? " on" : ""}`}>
              <input type="radio" className="vh" name="kind" checked={kind === one}
                onChange={() => setKind(one)} />
              {tCode("import_kind", one)}
            </label>
          ))}
        </div>
      </fieldset>
      <div className={`drop${over ? " over" : ""}`} onDrop={drop}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}>
        <Icon name="upload" className="big" />
        <p className="b" role="status">
          {busy ? t("import.reading", { file: busy }) : t("import.drop")}
        </p>
        <p className="s t2">{t("import.drop_text")}</p>
        <input ref={picker} type="file" className="vh" accept=".csv,.txt,.tsv,.xml,text/csv" tabIndex={-1}
          aria-label={t("import.choose")} onChange={(event) => void take(event.target.files?.[0])} />
        <Button kind="primary" disabled={busy !== ""} onClick={() => picker.current?.click()}>
          {t("import.choose")}
        </Button>
      </div>
      {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
    </section>
  );
}
