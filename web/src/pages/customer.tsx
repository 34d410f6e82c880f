import { useState } from "react";
import { useCustomer } from "../api/queries";
import type { Customer } from "../api/types";
import { CallPanel } from "../features/call/call-panel";
import { useCall } from "../features/call/use-call";
import { Agreements } from "../features/customer/agreements";
import { Behaviour } from "../features/customer/behaviour";
import { Contacts } from "../features/customer/contacts";
import { ItemsTable } from "../features/customer/items";
import { NoteDialog } from "../features/customer/note-dialog";
import { Balances, CustomerPane, Overdue, Pinned } from "../features/customer/pane";
import { Timeline } from "../features/customer/timeline";
import { useMe } from "../features/session/me";
import { day, relative, shortDay } from "../texts/format";
import { t, tCode } from "../texts";
import { Button, Seg } from "../ui/controls";
import { Icon } from "../ui/icon";
import { scopeRank, useCommands } from "../ui/keys";
import { useLocation } from "../ui/router";
import { Loaded } from "../ui/states";
import { TabPanel, Tabs } from "../ui/tabs";
import { toast } from "../ui/toast";

type Tab = "overview" | "items" | "promises";
type Kind = "all" | "calls" | "money" | "promises";
const kinds: Record<Kind, ((kind: string) => boolean) | undefined> = {
  all: undefined,
  calls: (kind) => ["call", "note", "email", "chat", "sms", "meeting", "guard"].includes(kind),
  money: (kind) => /payment|credit|document/.test(kind),
  promises: (kind) => /promise|dispute/.test(kind),
};

/** The preparation before dialling; during a call it becomes the desk's two panes. */
export default function CustomerPage({ parameters }: { parameters: Record<string, string> }) {
  const { entity, can } = useMe();
  const { query } = useLocation();
  const number = parameters.customer ?? "";
  const item = query.get("item") ?? undefined;
  const read = useCustomer(entity.entity, number);
  const [aside, setAside] = useState(false);
  const [noting, setNoting] = useState(false);
  const call = useCall(number, (_, saved) =>
    toast(t(saved ? "call.saved" : "call.kept_offline")));
  const open = call.draft !== null && !aside;
  const start = () => {
    setAside(false);
    call.begin();
  };
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "call", keys: ["c"], label: t("command.call"), run: start, disabled: !can("log_contact") },
    { id: "note", keys: ["n"], label: t("note.title"), run: () => setNoting(true),
      disabled: !can("log_contact") },
  ], { active: !open && !noting });
  if (open) {
    return (
      <div className="desk alone">
        <CustomerPane number={number} call={call.inCall} onCall={start} item={item} />
        <CallPanel call={call} onClose={() => setAside(true)} />
      </div>
    );
  }
  return (
    <Loaded read={read} rows={14}>
      {(customer) => (
        <>
          <Page customer={customer} item={item} onCall={start} onNote={() => setNoting(true)} />
          {noting && <NoteDialog customer={number} onClose={() => setNoting(false)} />}
        </>
      )}
    </Loaded>
  );
}

function Page({ customer, item, onCall, onNote }: {
  customer: Customer;
  item: string | undefined;
  onCall: () => void;
  onNote: () => void;
}) {
  const [tab, setTab] = useState<Tab>(item ? "items" : "overview");
  return (
    <div className="cpage">
      <Head customer={customer} onCall={onCall} onNote={onNote}>
        <Tabs id="customer" label={t("customer.one")} value={tab} onChange={setTab} tabs={[
          { value: "overview", label: t("customer.overview") },
          { value: "items", label: t("customer.items"), count: customer.items.length },
          { value: "promises", label: t("customer.agreements"), count: customer.promises.length },
        ]} />
      </Head>
      {tab === "overview" ? <Overview customer={customer} /> : (
        <TabPanel id="customer" tab={tab} className="wide scrolly">
          {tab === "items" ? <ItemsTable customer={customer} marked={item} />
            : <Agreements customer={customer} all />}
        </TabPanel>
      )}
    </div>
  );
}

function Head({ customer, onCall, onNote, children }: {
  customer: Customer;
  onCall: () => void;
  onNote: () => void;
  children: React.ReactNode;
}) {
  const { entity, can } = useMe();
  const last = customer.last_calls.find((one) => one.disposition === "right_party_reached");
  const next = customer.follow_ups.find((one) => !one.closed_on);
  return (
    <div className="head">
      <div className="row">
        <h1 className="h1 el" title={customer.name}>{customer.name}</h1>
        <span className="sp" />
        {can("log_contact") && (
          <>
            <Button kind="primary" icon="phone" keys="c" onClick={onCall}>{t("customer.call")}</Button>
            <Button icon="note" keys="n" onClick={onNote}>{t("note.one")}</Button>
          </>
        )}
      </div>
      <div className="meta">
        <span className="tn">{customer.customer}</span>
        {customer.segment && <span>{tCode("segment", customer.segment)}</span>}
        <span>{customer.collector}</span>
        {customer.since && <span>{t("customer.since", { day: day(customer.since) })}</span>}
        <span className="sp" />
        <Overdue customer={customer} />
      </div>
      <Pinned customer={customer} />
      <div className="hfacts">
        <Balances customer={customer} />
        <dl className="dl">
          {next && <><dt>{t("customer.next")}</dt><dd>
            {tCode("next_action", next.action)}, {shortDay(next.due_on)}</dd></>}
          {last && <><dt>{t("customer.last_conversation")}</dt><dd>
            {shortDay(last.business_date)}, {relative(entity.today, last.business_date)}</dd></>}
          <dt>{t("customer.kept")}</dt>
          <dd>{t("customer.kept_of", {
            kept: customer.promises.filter((one) => one.state === "kept").length,
            total: customer.promises.filter((one) => !["open", "withdrawn"].includes(one.state)).length,
          })}</dd>
        </dl>
      </div>
      {children}
    </div>
  );
}

function Overview({ customer }: { customer: Customer }) {
  const [kind, setKind] = useState<Kind>("all");
  const [search, setSearch] = useState("");
  const filter = kinds[kind];
  return (
    <>
      <section id="customer-panel" className="log" aria-label={t("customer.timeline")} data-pane tabIndex={0}>
        <div className="log-head row">
          <Seg label={t("command.filter")} value={kind} onChange={setKind} options={[
            { value: "all", label: t("worklist.all") },
            { value: "calls", label: t("customer.calls") },
            { value: "money", label: t("customer.money") },
            { value: "promises", label: t("worklist.promises") },
          ]} />
          <span className="sp" />
          <span className="in search">
            <Icon name="search" small />
            <input type="search" aria-label={t("customer.search_log")} value={search}
              placeholder={t("customer.search_log")}
              onChange={(event) => setSearch(event.target.value)} />
          </span>
        </div>
        <Timeline customer={customer.customer} search={search} {...(filter ? { kinds: filter } : {})} />
      </section>
      <div className="side" data-pane tabIndex={0} role="region" aria-label={t("customer.overview")}>
        <Behaviour customer={customer.customer} />
        <div className="card"><Contacts contacts={customer.contacts} customer={customer.customer} /></div>
        <div className="card"><Agreements customer={customer} /></div>
      </div>
    </>
  );
}
