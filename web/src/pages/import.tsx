import { useState } from "react";
import { Problem } from "../api/client";
import type { ImportOptions, ImportUpload } from "../api/types";
import { ImportCheck } from "../features/imports/check";
import { ChooseFile } from "../features/imports/choose-file";
import { Publication } from "../features/imports/publication";
import { reportOf, useImport } from "../features/imports/use-import";
import { useMe } from "../features/session/me";
import { count } from "../texts/format";
import { t } from "../texts";
import { Icon } from "../ui/icon";
import { Failed } from "../ui/states";

type Step = 1 | 2 | 3;

/** Drop a file, map its columns, see all problems in place, import; undo it while nothing depends on it. */
export default function ImportPage() {
  const { can } = useMe();
  const [upload, setUpload] = useState<ImportUpload | null>(null);
  const [options, setOptions] = useState<ImportOptions | null>(null);
  if (!can("import")) {
    return (
      <div className="page">
        <div className="pagehead"><h1 className="h1">{t("room.import")}</h1></div>
        <Failed error={new Problem(403, {})} />
      </div>
    );
  }
  const again = () => {
    setUpload(null);
    setOptions(null);
  };
  const about = upload && [upload.file_name, upload.analysis.encoding].filter(Boolean).join(" · ");
  return (
    <div className="page fill">
      <div className="pagehead">
        <h1 className="h1">{t("room.import")}</h1>
        {about && <span className="t2 s">{about}</span>}
        <span className="sp" />
        <Steps step={options ? 3 : upload ? 2 : 1} />
      </div>
      {!upload ? <ChooseFile onUploaded={setUpload} />
        : !options ? <ImportCheck upload={upload} onBack={again} onImport={setOptions} />
          : <Publish upload={upload} options={options} onAgain={again} />}
    </div>
  );
}

function Publish({ upload, options, onAgain }: {
  upload: ImportUpload;
  options: ImportOptions;
  onAgain: () => void;
}) {
  const [rows] = useState(reportOf(useImport(upload).data)?.rows ?? 0);
  return <Publication upload={upload} options={options} rows={rows} onAgain={onAgain} />;
}

function Steps({ step }: { step: Step }) {
  return (
    <ol className="steps" aria-label={t("import.steps")}>
      {([1, 2, 3] as const).map((one) => (
        <li key={one} className={one === step ? "on" : one < step ? "done" : ""}
          aria-current={one === step ? "step" : undefined}>
          {one < step ? <Icon name="check" small /> : <b>{count(one)}</b>}
          {t(`import.step_${one}`)}
        </li>
      ))}
    </ol>
  );
}
