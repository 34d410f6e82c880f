import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { QueryClientProvider } from "@tanstack/react-query";
import { App } from "./app";
import { queryClient } from "./api/queries";
import { preferredLanguage, setLanguage } from "./texts";
import { ErrorBoundary } from "./ui/error-boundary";
import { IconSprite } from "./ui/icon";
import { applyAppearance } from "./ui/theme";
import "./styles/index.css";

applyAppearance();

async function start() {
  await setLanguage(preferredLanguage(), false);
  const root = document.getElementById("root");
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <IconSprite />
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary><App /></ErrorBoundary>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
