import { Appearance, SecondStep, Password } from "../features/settings/personal";
import { Books } from "../features/settings/books";
import { People } from "../features/settings/people";
import { Substitutions } from "../features/settings/substitutions";
import { useMe, useRoom } from "../features/session/me";
import { t } from "../texts";
import { Link } from "../ui/router";

/** Mine first; what is the admin's is only there for an admin. */
export default function SettingsPage({ parameters }: { parameters: Record<string, string> }) {
  const { session, can } = useMe();
  const room = useRoom();
  const sections = [
    { id: "me", show: true },
    { id: "people", show: can("manage_people") },
    { id: "books", show: can("manage_books") },
    { id: "substitutes", show: can("manage_books") },
    { id: "about", show: true },
  ] as const;
  const section = parameters.section ?? "me";
  const current = sections.find((one) => one.id === section) ?? sections[0];
  return (
    <div className="settings">
      <nav className="snav" aria-label={t("room.settings")} data-pane>
        {sections.filter((one) => one.show).map((one) => (
          <Link key={one.id} to={room("settings", one.id)} current={section === one.id}
            className={`dr${section === one.id ? " on" : ""}`}>{t(`settings.${one.id}`)}</Link>
        ))}
      </nav>
      <div className="sbody" data-pane tabIndex={0} role="region" aria-label={t("room.settings")}>
        <h1 className="h1">{t(`settings.${current.id}`)}</h1>
        {section === "me" && (
          <div className="s2"><Appearance /><div className="stack"><Password /><SecondStep /></div></div>
        )}
        {section === "people" && can("manage_people") && <People />}
        {section === "books" && can("manage_books") && <Books />}
        {section === "substitutes" && can("manage_books") && <Substitutions />}
        {section === "about" && (
          <section className="card">
            <div className="body tight">
              <p>{t("settings.version", { version: session.version })}</p>
              <p><a href="/api/docs">{t("settings.api")}</a></p>
            </div>
          </section>
        )}
      </div>
    </div>
  );
}
