// Decides which summaries of scans are shown as messages. Scans run by themselves whenever files
// change: lists show the result, and a message for each scan would only disturb.

import { wordsOfSummary } from "./words.js";

const QUIET_MS = 10 * 60_000;
const COMPLETED = /^Music library scan completed\./;
const PROBLEMS = /[0-9]+ failed\.|[0-9]+ tracks were kept/g;

export class ScanMessages {
  saidAt = new Map(); // the time of the last message about each problem, or about successes
  latest = null; // the last message about a success: its toast, and the summary that it shows

  constructor(toasts, scanStatus) {
    Object.assign(this, { toasts, scanStatus });
  }

  // `summary`: the payload of an event.
  hear(summary) {
    const isRequested = this.scanStatus.takeRequest();
    const isNews = summary.action_key !== null || summary.message_level !== "info";
    if (!isNews || summary.message_to_show === "") return; // without a message only lists are reloaded
    if (isRequested || !COMPLETED.test(summary.message_to_show) || this.isDue(summary)) this.show(summary);
    else if (this.latest?.toast.isConnected) this.add(summary);
  }

  // Whether the result of a scan that nobody has requested here is worth a message of its own: a
  // problem that was not told in the last minutes, or a success if none was.
  isDue(summary) {
    return performance.now() - (this.saidAt.get(subjectOf(summary)) ?? -Infinity) >= QUIET_MS;
  }

  show(summary) {
    this.saidAt.set(subjectOf(summary), performance.now());
    const toast = this.toasts.show(wordsOfSummary(summary), summary.message_level);
    if (summary.message_level === "success") this.latest = { toast, summary };
  }

  // Count the changes of another scan in the message that is in sight.
  add({ action_payload: payload }) {
    const { toast, summary } = this.latest;
    const sum = { ...summary.action_payload?.counts };
    for (const [name, count] of Object.entries(payload?.counts ?? {})) sum[name] = (sum[name] ?? 0) + count;
    this.latest.summary = { ...summary, action_payload: { ...payload, counts: sum } };
    this.toasts.change(toast, wordsOfSummary(this.latest.summary));
  }
}

// What a message is about: the problems that it names, else "".
const subjectOf = ({ message_to_show: text }) => (text.match(PROBLEMS) ?? []).join(" ");
