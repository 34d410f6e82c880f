import { useMemo } from "react";
import { useCustomer } from "../../api/queries";
import type { Customer } from "../../api/types";
import { day, dayMonth, isZero } from "../../texts/format";
import { t, tCode } from "../../texts";
import { AgeTable } from "../../ui/aging";
import { Button, Chip, Note, Seg } from "../../ui/controls";
import { Amount } from "../../ui/money";
import { Link } from "../../ui/router";
import { Loaded } from "../../ui/states";
import { useMe, useRoom } from "../session/me";
import { Agreements } from "./agreements";
import { Contacts } from "./contacts";
import { agingOf } from "./figures";
import { ItemsTable } from "./items";
import { Timeline } from "./timeline";
import type { ItemsInCall } from "../call/use-call";

/** Who, pinned note, balances by age, contacts and agreements, open items, timeline: in this order. */
export function CustomerPane({ number, siblings, onSibling, call, onCall, item }: {
  number: string;
  /** All customers of the party, where there are several. */
  siblings?: string[];
  onSibling?: (number: string) => void;
  call?: ItemsInCall | undefined;
  onCall: () => void;
  item?: string | undefined;
}) {
  const { entity } = useMe();
  const read = useCustomer(entity.entity, number);
  return (
    <section className="cust desk-c" aria-label={t("customer.one")} data-pane tabIndex={-1}>
      <Loaded read={read} rows={14}>
        {(customer) => (
          <>
            <div className="chead">
              <Head customer={customer} onCall={onCall} calling={!!call} />
              {siblings && siblings.length > 1 && onSibling && (
                <Seg label={t("customer.accounts")} value={number} onChange={onSibling}
                  options={siblings.map((one) => ({ value: one, label: one }))} />
              )}
              <Pinned customer={customer} />
              <Balances customer={customer} />
            </div>
            <div className="split">
              <Contacts contacts={customer.contacts} customer={customer.customer} />
              <Agreements customer={customer} />
            </div>
            <ItemsTable customer={customer} call={call} marked={item} />
            <section className="sec tlsec" aria-label={t("customer.timeline")}>
              <header><h2 className="h2">{t("customer.timeline")}</h2></header>
              <Timeline customer={customer.customer} />
            </section>
          </>
        )}
      </Loaded>
    </section>
  );
}

function Head({ customer, onCall, calling }: {
  customer: Customer;
  onCall: () => void;
  calling: boolean;
}) {
  const room = useRoom();
  const { can } = useMe();
  return (
    <>
      <div className="row">
        <h1 className="h1 el" title={customer.name}>{customer.name}</h1>
        <span className="sp" />
        {!calling && can("log_contact") && (
          <Button small kind="primary" icon="phone" keys="c" onClick={onCall}>
            {t("customer.call")}
          </Button>
        )}
      </div>
      <div className="meta">
        <Link to={room("customers", customer.customer)} className="tn">{customer.customer}</Link>
        {customer.group && <span className="el">{t("customer.group", { name: customer.group.name })}</span>}
        {customer.segment && <span className="hide-s">{tCode("segment", customer.segment)}</span>}
        <span className="hide-s">{customer.collector}</span>
        <span className="sp" />
        <Overdue customer={customer} />
      </div>
    </>
  );
}

export function Overdue({ customer }: { customer: Customer }) {
  const late = customer.balances.filter((balance) => !isZero(balance.overdue));
  return (
    <span className="tn nd">
      {late.length === 0 ? t("customer.nothing_overdue") : t("field.overdue")}{" "}
      {late.map((balance, at) => (
        <span key={balance.currency}>
          {at > 0 && ", "}<Amount strong value={balance.overdue} currency={balance.currency} />
        </span>
      ))}
    </span>
  );
}

export function Pinned({ customer }: { customer: Customer }) {
  return (
    <>
      {customer.pinned_notes?.map((note) => (
        <div key={note.at} className="note warn">
          <PinLine text={note.text} who={note.author} at={note.at} />
        </div>
      ))}
      {customer.holds.length > 0 && (
        <Note icon="pause">
          {customer.holds.map((hold) => t("customer.hold", {
            until: hold.until ? day(hold.until) : t("time.further_notice"), reason: hold.reason ?? "",
          })).join(" ")}
        </Note>
      )}
      {customer.stub && <Note tone="warn" icon="alert">{t("customer.stub")}</Note>}
    </>
  );
}

function PinLine({ text, who, at }: { text: string; who: string; at: string }) {
  return (
    <>
      <Chip tone="plain" icon="pin"><span className="vh">{t("customer.pinned")}</span></Chip>
      <span className="el" title={text}>{text}</span>
      <span className="sp" />
      <span className="t3 nowrap">{who}, {dayMonth(at.slice(0, 10))}</span>
    </>
  );
}

export function Balances({ customer }: { customer: Customer }) {
  const rows = useMemo(() => agingOf(customer), [customer]);
  if (rows.length === 0) return null;
  return <AgeTable rows={rows} />;
}
