import { t } from "../../texts";
import { Checkbox } from "../../ui/controls";
import { Dialog } from "../../ui/dialog";
import { Kbd, setSingleKeys, singleKeysOn, useActiveCommands } from "../../ui/keys";
import { useState } from "react";

/** What each key does here and now, from the same registry that runs it. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const groups = useActiveCommands();
  const [single, setSingle] = useState(singleKeysOn());
  return (
    <Dialog title={t("keys.title")} className="sheet" onClose={onClose} closeLabel={t("action.close")}>
      <div className="body">
        <div className="keyhelp">
          {[...groups].reverse().map(({ group, commands }) => (
            <section key={group}>
              <h3 className="m">{group}</h3>
              <dl className="kk">
                {commands.filter((one) => one.keys?.length).map((one) => (
                  <div className="kkrow" key={one.id}>
                    <dt><Kbd keys={one.keys?.[0] ?? ""} /></dt>
                    <dd>{one.label}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <label className="row">
          <Checkbox checked={single} onChange={(event) => {
            setSingle(event.target.checked);
            setSingleKeys(event.target.checked);
          }} />
          {t("keys.single")}
        </label>
      </div>
    </Dialog>
  );
}
