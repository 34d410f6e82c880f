import { useGuard } from "../../api/queries";
import type { Contact, GuardDecision } from "../../api/types";
import { dayOf, said, shortDay, time } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Icon } from "../../ui/icon";
import { useMe } from "../session/me";

/** "Now, until 17:00", "Opens 14:00 here", "No calls": always a word, an icon and the local time. */
export function CallableNow({ decision, zone }: { decision: GuardDecision; zone: string }) {
  const why = [said(decision.text), decision.rule].filter(Boolean).join(" · ");
  if (decision.allowed) {
    return (
      <span className="cn good" title={why}>
        <Icon name="phone" small />
        {t("guard.now")}
      </span>
    );
  }
  if (decision.opens_at) {
    const today = dayOf(decision.opens_at, zone) === dayOf(new Date().toISOString(), zone);
    const opens = time(decision.opens_at, zone);
    return (
      <span className="cn warn" title={why}>
        <Icon name="clock" small />
        {today ? t("guard.opens", { time: opens })
          : t("guard.opens_day", { day: shortDay(dayOf(decision.opens_at, zone)), time: opens })}
      </span>
    );
  }
  return (
    <span className="cn bad" title={why}>
      <Icon name="ban" small />{t("guard.no_calls")}
    </span>
  );
}

export function ContactRow({ contact, customer }: { contact: Contact; customer: string }) {
  const { entity } = useMe();
  const decision = useGuard(entity.entity, customer).data?.get(contact.contact_id);
  const place = contact.time_zone.split("/").at(-1)?.replace(/_/g, " ") ?? "";
  return (
    <div className="ct">
      <span className="el"><span className="m">{contact.contact}</span></span>
      {contact.phone === "" ? <span className="cn t3">{t("guard.no_number")}</span>
        : decision ? <CallableNow decision={decision} zone={entity.time_zone} />
          : <span />}
      <span className="s t2 row reach">
        <span className={contact.phone ? "tn" : "el"}>{contact.phone || contact.email}</span>
        {contact.role && <span className="el">{tCode("contact_role", contact.role)}</span>}
      </span>
      <span className="s t3 tn num">
        {place} {decision?.local_time.slice(11, 16)}
      </span>
    </div>
  );
}

export function Contacts({ contacts, customer }: { contacts: Contact[]; customer: string }) {
  const active = contacts.filter((contact) => contact.active);
  return (
    <section className="sec" aria-label={t("customer.contacts")}>
      <header><h2 className="h2">{t("customer.contacts")}</h2></header>
      {active.length === 0 && <p className="ct s t3">{t("customer.no_contacts")}</p>}
      {active.map((contact) => (
        <ContactRow key={contact.contact_id} contact={contact} customer={customer} />
      ))}
    </section>
  );
}
