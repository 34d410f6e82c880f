import { useMemo } from "react";
import type { Customer, OpenItem, PromiseRecord } from "../../api/types";
import { day, dayMonth, decimal, isZero, money, sum } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Days } from "../../ui/aging";
import { Checkbox, Chip } from "../../ui/controls";
import { Cell } from "../../ui/money";
import { itemKey } from "../call/rules";

/** The items in the order of the table: by currency, the oldest first, credits last. */
export function orderedItems(customer: Customer): OpenItem[] {
  return [...customer.items].sort((a, b) => a.currency.localeCompare(b.currency) ||
    Number(a.open.startsWith("-")) - Number(b.open.startsWith("-")) || a.due.localeCompare(b.due));
}

interface InCall {
  selected: Set<string>;
  promised: Set<string>;
  cursor: number;
  onToggle: (item: OpenItem) => void;
  onCursor: (index: number) => void;
}

export function ItemsTable({ customer, call, marked }: {
  customer: Customer;
  /** Choosing what is discussed; absent outside of a call. */
  call?: InCall | undefined;
  marked?: string | undefined;
}) {
  const items = useMemo(() => orderedItems(customer), [customer]);
  const currencies = [...new Set(items.map((item) => item.currency))];
  return (
    <section className="sec itsec" aria-label={t("customer.items")}>
      <header>
        <h2 className="h2">{t("customer.items")}</h2>
        <span className="s t3">
          {call ? t("customer.items_in_call", { count: call.selected.size, total: items.length })
            : t("customer.items_count", { count: items.length })}
        </span>
      </header>
      {items.length === 0 ? <p className="ct s t3">{t("customer.no_items")}</p> : (
        <table className="tbl">
          <thead>
            <tr>
              {call && <th scope="col"><span className="vh">{t("customer.in_call")}</span></th>}
              <th scope="col">{t("field.document")}</th>
              <th scope="col">{t("field.due")}</th>
              <th scope="col" className="n">{t("field.days_overdue")}</th>
              {!call && <th scope="col" className="n hide-s">{t("field.amount")}</th>}
              <th scope="col" className="n">{t("field.open")}</th>
              <th scope="col" className="w">{t("field.state")}</th>
            </tr>
          </thead>
          {currencies.map((currency) => (
            <Group key={currency} currency={currency} items={items} call={call} marked={marked}
              customer={customer} />
          ))}
        </table>
      )}
    </section>
  );
}

function Group({ currency, items, call, customer, marked }: {
  currency: string;
  items: OpenItem[];
  customer: Customer;
  call?: InCall | undefined;
  marked?: string | undefined;
}) {
  const own = items.filter((item) => item.currency === currency);
  const cash = customer.balances.find((one) => one.currency === currency)?.unapplied_cash ?? "0";
  return (
    <tbody>
      {own.map((item) => (
        <Row key={itemKey(item)} item={item} at={items.indexOf(item)} call={call}
          marked={marked === item.number} promises={customer.promises} />
      ))}
      <tr className="tot sub">
        {call && <td />}
        <td colSpan={3}>{t("customer.items_of", { currency, count: own.length })}</td>
        {!call && <td className="hide-s" />}
        <td className="n">{<Cell value={sum(own.map((item) => item.open))} />}</td>
        <td className="s t3 w thin">
          {!isZero(cash) && t("customer.unapplied", { amount: money(cash, currency) })}
        </td>
      </tr>
    </tbody>
  );
}

function Row({ item, at, call, promises, marked }: {
  item: OpenItem;
  at: number;
  call?: InCall | undefined;
  promises: PromiseRecord[];
  marked: boolean;
}) {
  const key = itemKey(item);
  const selected = call?.selected.has(key) ?? false;
  const cursor = call ? call.cursor === at : marked;
  return (
    <tr className={[selected && "sel", cursor && "cursor"].filter(Boolean).join(" ")}
      onClick={() => call?.onCursor(at)}>
      {call && (
        <td>
          <Checkbox checked={selected} aria-label={t("customer.discuss", { document: item.number })}
            onChange={() => call.onToggle(item)} />
        </td>
      )}
      <td className="tn">
        {item.number}{item.instalment > 1 || /#/.test(item.number) ? `/${item.instalment}` : ""}
      </td>
      <td className="tn t2">{day(item.due)}</td>
      <td className="n">
        {item.kind === "credit_note" ? <span className="days"><span className="sw ac" /></span>
          : <Days value={item.days_overdue} bucket={item.bucket} />}
      </td>
      {!call && <td className="n t2 hide-s"><Cell value={item.amount} /></td>}
      <td className="n"><Cell value={item.open} /></td>
      <td className="w">
        {call?.promised.has(key)
          ? <Chip tone="acc" icon="promise">{t("promise.being_taken")}</Chip>
          : <ItemState item={item} promises={promises} />}
      </td>
    </tr>
  );
}

/** One chip per row: what matters most about the item. */
function ItemState({ item, promises }: { item: OpenItem; promises: PromiseRecord[] }) {
  if (!isZero(item.disputed)) {
    return (
      <Chip tone="warn" icon="scale">{t("item.disputed", { amount: decimal(item.disputed) })}</Chip>
    );
  }
  const own = promises.filter((one) => one.state !== "withdrawn" &&
    one.items.some((part) => part.document === item.number && part.instalment === item.instalment));
  const latest = own.sort((a, b) => b.deadline.localeCompare(a.deadline))[0];
  if (latest?.state === "open") {
    return <Chip tone="acc" icon="promise">{t("item.promised", { day: dayMonth(latest.by) })}</Chip>;
  }
  if (latest?.state === "broken" || latest?.state === "partly_kept") {
    return (
      <Chip tone={latest.state === "broken" ? "bad" : "warn"} icon="promise">
        {tCode("item_promise", latest.state)}
      </Chip>
    );
  }
  if (item.kind !== "invoice") return <span className="s t2">{tCode("document_kind", item.kind)}</span>;
  if (item.open !== item.amount) return <span className="s t2">{t("item.part_paid")}</span>;
  if (item.days_overdue <= 0) return <span className="s t3">{t("bucket.not_due")}</span>;
  return null;
}
