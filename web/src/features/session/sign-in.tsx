import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { post, Problem, setCsrfToken } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { Session } from "../../api/types";
import { currentLanguage, setLanguage, t } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Field } from "../../ui/controls";
import { Icon } from "../../ui/icon";

/** Password, then the code where the person has a second step; one field, so that pasting works. */
export function SignIn({ wasIn }: { wasIn?: string | undefined }) {
  const [login, setLogin] = useState(wasIn ?? "");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [secondStep, setSecondStep] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const session = await post<Session>("/session", {
        login, password, ...(secondStep ? { totp_code: code.replace(/\s/g, "") } : {}),
      });
      setCsrfToken(session.csrf_token);
      queryClient.setQueryData(["session"], session);
    } catch (failure) {
      if (failure instanceof Problem && /totp/.test(failure.code) && !secondStep) {
        setSecondStep(true);
      } else {
        setError(failure);
        passwordField.current?.focus();
      }
    } finally {
      setBusy(false);
    }
  }

  const seeCapsLock = (event: KeyboardEvent) =>
    setCapsLock(event.getModifierState("CapsLock"));
  const problem = error ? problemText(error) : undefined;
  return (
    <main className="gate">
      <form className="form" onSubmit={submit}>
        <p className="brand"><Icon name="logo" />Arrears</p>
        <div>
          <h1 className="h1">{t(secondStep ? "signin.second_step" : "signin.title")}</h1>
          <p className="t2">{secondStep ? t("signin.code_hint") : wasIn ? t("signin.was_in") : ""}</p>
        </div>
        {secondStep ? (
          <Field label={t("signin.code")} {...(problem ? { error: problem } : {})}>
            {(field) => (
              <input {...field} autoFocus inputMode="numeric" autoComplete="one-time-code"
                maxLength={9} value={code} onChange={(event) => setCode(event.target.value)} />
            )}
          </Field>
        ) : (
          <>
            <Field label={t("signin.login")}>
              {(field) => (
                <input {...field} autoFocus={!wasIn} required autoComplete="username" name="login"
                  autoCapitalize="none" spellCheck={false} value={login}
                  onChange={(event) => setLogin(event.target.value)} />
              )}
            </Field>
            <Field label={t("signin.password")} {...(problem ? { error: problem } : {})}
              {...(capsLock ? { hint: t("signin.caps_lock") } : {})}>
              {(field) => (
                <input {...field} ref={passwordField} autoFocus={!!wasIn} required type="password"
                  name="password" autoComplete="current-password" value={password}
                  onKeyUp={seeCapsLock} onChange={(event) => setPassword(event.target.value)} />
              )}
            </Field>
          </>
        )}
        <Button submit kind="primary" keys="Enter" disabled={busy}>{t("signin.submit")}</Button>
        <LanguageSwitch />
      </form>
      <div className="aside">
        <ul className="promises tight">
          <li><b className="b">{t("signin.point_1")}</b><p className="t2">{t("signin.point_1_text")}</p></li>
          <li><b className="b">{t("signin.point_2")}</b><p className="t2">{t("signin.point_2_text")}</p></li>
          <li><b className="b">{t("signin.point_3")}</b><p className="t2">{t("signin.point_3_text")}</p></li>
        </ul>
      </div>
    </main>
  );
}

export function LanguageSwitch() {
  const other = currentLanguage() === "en" ? "de" : "en";
  return (
    <p className="s t3">
      <button type="button" className="link" lang={other} onClick={() => void setLanguage(other)}>
        {other === "de" ? "Deutsch" : "English"}
      </button>
    </p>
  );
}
