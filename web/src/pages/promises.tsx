import { useLocation } from "../ui/router";
import { navigate } from "../ui/router";
import { Disputes } from "../features/promises/disputes";
import { FollowUps } from "../features/promises/follow-ups";
import { Promises } from "../features/promises/promises";
import { useRoom } from "../features/session/me";
import { t } from "../texts";
import { TabPanel, Tabs } from "../ui/tabs";

type Tab = "promises" | "disputes" | "follow-ups";

/** What was agreed: promises, disputes and follow-ups, each a tab with its own address. */
export default function PromisesPage() {
  const { path } = useLocation();
  const room = useRoom();
  const tab = (path.split("/")[3] ?? "promises") as Tab;
  return (
    <div className="page fill3">
      <div className="pagehead"><h1 className="h1">{t("room.promises")}</h1></div>
      <Tabs id="agreed" label={t("room.promises")} value={tab}
        onChange={(value) => navigate(room(value))} tabs={[
          { value: "promises", label: t("promises.tab") },
          { value: "disputes", label: t("room.disputes") },
          { value: "follow-ups", label: t("followups.tab") },
        ]} />
      <TabPanel id="agreed" tab={tab} className="fillbox">
        {tab === "promises" ? <Promises /> : tab === "disputes" ? <Disputes /> : <FollowUps />}
      </TabPanel>
    </div>
  );
}
