import { type KeyboardEvent, type ReactNode, useRef } from "react";

export interface TabSpec<T extends string> { value: T; label: string; count?: number | undefined }

/** Tabs by the ARIA pattern: arrows move and choose, Tab goes to the panel. */
export function Tabs<T extends string>({ tabs, value, onChange, label, id }: {
  tabs: TabSpec<T>[];
  value: T;
  onChange: (value: T) => void;
  label: string;
  id: string;
}) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.value);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.value}"]`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
      {tabs.map((tab) => (
        <button key={tab.value} type="button" role="tab" data-tab={tab.value}
          id={`${id}-${tab.value}`} aria-selected={tab.value === value}
          aria-controls={`${id}-panel`} tabIndex={tab.value === value ? 0 : -1}
          onClick={() => onChange(tab.value)}>
          {tab.label}
          {tab.count !== undefined && <span className="t3 tn">{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({ id, tab, className, children }: {
  id: string;
  tab: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className={className}>
      {children}
    </div>
  );
}
