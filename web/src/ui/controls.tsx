import {
  type ButtonHTMLAttributes, type ComponentProps, type ReactNode, useId, useLayoutEffect, useRef,
} from "react";
import { Icon, type IconName } from "./icon";
import { ariaKeys, Kbd } from "./keys";

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> & {
  icon?: IconName;
  keys?: string;
  kind?: "primary" | "quiet" | "danger";
  small?: boolean;
  iconOnly?: boolean;
  submit?: boolean;
};

export function Button(props: ButtonProps) {
  const { icon, keys, kind, small, iconOnly, submit, className, children, ...rest } = props;
  const name = ["btn", kind, small && "s", iconOnly && "icon", className].filter(Boolean).join(" ");
  return (
    <button type={submit ? "submit" : "button"} className={name}
      aria-keyshortcuts={keys ? ariaKeys(keys) : undefined} {...rest}>
      {icon && <Icon name={icon} small={!iconOnly} />}
      {children}
      {keys && !iconOnly && <Kbd keys={keys} />}
    </button>
  );
}

/** A choice that one key presses; what it leads to stands at its right. */
export function Choice({ keys, label, consequence, chosen, disabled, onChoose }: {
  keys: string;
  label: string;
  consequence?: ReactNode;
  chosen: boolean;
  disabled?: boolean;
  onChoose: () => void;
}) {
  return (
    <button type="button" className="key" aria-pressed={chosen} disabled={disabled}
      aria-keyshortcuts={ariaKeys(keys)} onClick={onChoose}>
      <kbd>{keys.length === 1 ? keys.toUpperCase() : keys}</kbd>
      <span className="el">{label}</span>
      {consequence !== undefined && <span className="num">{consequence}</span>}
    </button>
  );
}

export function Seg<T extends string>({ options, value, onChange, label }: {
  options: { value: T; label: string; count?: number }[];
  value: T;
  onChange: (value: T) => void;
  label: string;
}) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}>
          {option.label}
          {option.count !== undefined && <span className="t3 tn">{option.count}</span>}
        </button>
      ))}
    </div>
  );
}

export type Tone = "good" | "warn" | "bad" | "info" | "acc" | "plain";

export function Chip({ tone, icon, children, title }: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={`chip${tone ? ` ${tone}` : ""}`} title={title}>
      {icon && <Icon name={icon} small />}
      {children}
    </span>
  );
}

export function Note({ tone, icon, children, live }: {
  tone?: "warn" | "bad" | "good";
  icon: IconName;
  children: ReactNode;
  live?: boolean;
}) {
  return (
    <div className={`note${tone ? ` ${tone}` : ""}`} role={live ? "status" : undefined}>
      <Icon name={icon} />
      <div className="grow row wrap">{children}</div>
    </div>
  );
}

/** Label above, error below; the error is read with the field. */
export function Field({ label, error, hint, children, required }: {
  label: string;
  error?: string;
  hint?: string;
  required?: string;
  children: (attributes: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
    className: string;
  }) => ReactNode;
}) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
        {required && <span className="t3">{required}</span>}
      </label>
      {children({
        id,
        className: error ? "in is-error" : "in",
        ...(described ? { "aria-describedby": described } : {}),
        ...(error ? { "aria-invalid": true as const } : {}),
      })}
      {error && <p className="err" id={`${id}-error`}><Icon name="err" small />{error}</p>}
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

export function Checkbox(props: ComponentProps<"input"> & { mixed?: boolean }) {
  const { mixed, ...rest } = props;
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (box.current) box.current.indeterminate = mixed ?? false;
  }, [mixed]);
  return <input ref={box} type="checkbox" className="cb" {...rest} />;
}

export function Avatar({ name, small }: { name: string; small?: boolean }) {
  const initials = name.split(/[\s._-]+/).filter(Boolean).map((word) => word[0] ?? "");
  const text = (initials.length > 1 ? initials.slice(0, 2).join("") : name.slice(0, 2)).toUpperCase();
  return <span className={`avatar${small ? " xs-av" : ""}`} title={name}>{text}</span>;
}

export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const share = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  return (
    <span className="bar" role="img" aria-label={label}>
      <i style={{ width: `${share}%` }} />
    </span>
  );
}
