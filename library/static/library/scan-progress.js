// Updates the admin's page of a running scan, or the list of scans, each second until it ends.

const SECOND = 1000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const untilVisible = async () => {
  while (document.visibilityState !== "visible") {
    await new Promise((resolve) =>
      document.addEventListener("visibilitychange", resolve, { once: true }),
    );
  }
};

// The progress of the scan; null if the server does not answer.
const poll = async (url) => {
  try {
    const response = await fetch(url, { cache: "no-store" });
    if (response.redirected || response.status === 403) return { isRefused: true };
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
};

const show = (panel, now) => {
  panel.querySelector("p").textContent = now.text;
  const bar = panel.querySelector("progress");
  if (now.total) {
    bar.max = now.total;
    bar.value = now.done;
  }
  for (const [name, count] of Object.entries(now.counts)) {
    const shown = document.querySelector(`#scan_form .field-${name} .readonly`);
    if (shown && count !== null) shown.textContent = count;
  }
};

// Replaces the parts of the page that differ after the scan by those of `fresh`, a new copy of the
// page. The checkboxes of rows stay, because Django's scripts listen to them.
const refresh = (fresh, page) => {
  for (const selector of ["#scan_form", "ul.object-tools"]) {
    const [old, replacement] = [document, fresh].map((each) => each.querySelector(selector));
    if (old && replacement) old.replaceWith(document.adoptNode(replacement));
  }
  const [row, freshRow] = [document, fresh].map((each) =>
    each.querySelector(`#result_list a[href^="${page}"]`)?.closest("tr"),
  );
  if (!row || !freshRow) return;
  const freshCells = [...freshRow.cells];
  [...row.cells].forEach((cell, index) => {
    if (!cell.matches(".action-checkbox")) cell.replaceWith(document.adoptNode(freshCells[index]));
  });
};

const finish = async (panel, now) => {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    if (response.ok) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      refresh(fresh, panel.dataset.page);
    }
  } catch {
    // The outcome is shown below anyway.
  }
  panel.remove();
  document.getElementById("scan-outcome").textContent = now.message;
};

const watch = async (panel) => {
  for (;;) {
    await untilVisible();
    const now = await poll(panel.dataset.url);
    if (now?.isRefused) {
      panel.querySelector("p").textContent = "Log in again to see the progress.";
      return;
    }
    if (now && !now.is_running) {
      await finish(panel, now);
      return;
    }
    if (now) show(panel, now);
    else panel.querySelector("p").textContent = "The server does not answer; trying again.";
    await sleep(SECOND);
  }
};

const panel = document.getElementById("scan-progress");
if (panel) watch(panel);
