// The page of a shared link: plays its tracks one after another. Its texts stand in the page.

const NEXT_LOADS_AT_S = 20;
const RETRY_MS = 10_000;

const $ = (id) => document.getElementById(id);
const [bar, seek, toggle, problem] = [$("bar"), $("seek"), $("toggle"), $("problem")];
const tracks = [];
const audio = new Audio();
const ahead = new Audio(); // loads the next track into the browser's cache
ahead.preload = "auto";
let at = -1;
let failures = 0;

const canPlay = (track) => audio.canPlayType(track.dataset.type) !== "";

const clock = (seconds) => {
  const whole = Math.floor(Number.isFinite(seconds) ? seconds : 0);
  const pad = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
};

const tell = (text, { title }) => {
  problem.textContent = text.replace("%(title)s", () => title);
  problem.hidden = false;
};

const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(tracks[at]?.dataset.duration) || 0);

// The next track after `from` that this browser can play; -1 at the end.
const following = (from, step = 1) => {
  let place = from + step;
  while (tracks[place] && !canPlay(tracks[place])) place += step;
  return tracks[place] ? place : -1;
};

const play = (place) => {
  const track = tracks[place];
  if (!track) return;
  if (!canPlay(track)) {
    tell(problem.dataset.cannotPlay, track.dataset);
    return;
  }
  if (!failures) problem.hidden = true;
  tracks[at]?.removeAttribute("aria-current");
  at = place;
  track.setAttribute("aria-current", "true");
  audio.src = track.href;
  audio.play().catch(() => {}); // a browser may forbid it; then the button shows that it is paused
  ahead.removeAttribute("src");
  show(track);
};

const show = (track) => {
  const { title, artist, album, covers } = track.dataset;
  bar.hidden = false;
  bar.querySelector(".title").textContent = title;
  bar.querySelector(".artist").textContent = artist;
  $("previous").disabled = following(at, -1) < 0;
  $("next").disabled = following(at) < 0;
  document.title = `${title} · ${artist}`;
  if (!navigator.mediaSession) return;
  const artwork = covers ? ["160", "640"].map((size) => ({ src: new URL(`${covers}${size}.webp`, location.href).href, sizes: `${size}x${size}`, type: "image/webp" })) : [];
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album, artwork });
};

const showState = () => {
  const isPlaying = !audio.paused && !audio.ended;
  toggle.classList.toggle("is-playing", isPlaying);
  toggle.setAttribute("aria-label", isPlaying ? toggle.dataset.pause : toggle.dataset.play);
  if (navigator.mediaSession) navigator.mediaSession.playbackState = isPlaying ? "playing" : "paused";
};

let isSeeking = false;

const showTime = () => {
  const whole = length();
  const position = isSeeking ? Number(seek.value) : Math.min(audio.currentTime, whole);
  seek.max = String(whole || 1);
  if (!isSeeking) seek.value = String(position);
  seek.setAttribute("aria-valuetext", `${clock(position)} / ${clock(whole)}`);
  $("position").textContent = clock(position);
  $("duration").textContent = clock(whole);
  const next = following(at);
  if (following(at + 1) < 0) loadAhead();
  if (next >= 0 && !ahead.src && !audio.paused && whole - audio.currentTime < NEXT_LOADS_AT_S) ahead.src = tracks[next].href;
};

const resume = () => (at < 0 ? play(following(-1)) : audio.play().catch(() => {}));
const turn = () => (audio.paused ? resume() : audio.pause());
const move = (step) => following(at, step) >= 0 && play(following(at, step));
const jump = (seconds) => {
  audio.currentTime = Math.max(0, Math.min(seconds, length()));
};

// A press on the track that plays pauses it.
const press = (place) => (place === at ? turn() : play(place));

const adopt = (track) => {
  const place = tracks.push(track) - 1;
  track.setAttribute("role", "button");
  track.classList.toggle("cannot", !canPlay(track));
  track.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    press(place);
  });
  track.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    press(place);
  });
};
document.querySelectorAll(".track").forEach(adopt);

// A long list has a link to its next part, which is loaded when it is near or when the music gets there.
// Where that fails, the link stays, and is not tried again by itself for a while.
let loading = null;
let failedAt = -Infinity;
const loadMore = () => (loading ??= addPart($("more")).catch(() => (failedAt = performance.now())).finally(() => (loading = null)));
const loadAhead = () => $("more") && performance.now() - failedAt > RETRY_MS && loadMore();

const addPart = async (link) => {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(answer.status);
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  part.querySelectorAll("noscript").forEach((each) => each.remove());
  const items = [...part.querySelectorAll(".tracks > li")];
  document.querySelector(".tracks").append(...items);
  items.forEach((item) => adopt(item.querySelector(".track")));
  const next = part.getElementById("more");
  if (next) {
    link.replaceWith(next);
    watchMore(next);
  } else link.parentElement.remove();
  if (at >= 0) $("next").disabled = following(at) < 0;
};

const nearMore = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && loadAhead(), { rootMargin: "800px" });
const watchMore = (link) => {
  nearMore.disconnect();
  nearMore.observe(link);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    loadMore();
  });
};
if ($("more")) watchMore($("more"));

document.addEventListener("keydown", (event) => {
  const isFree = event.target === document.body || event.target === document.documentElement;
  if (event.key !== " " || !isFree || !tracks.length) return;
  event.preventDefault();
  turn();
});

for (const type of ["play", "playing", "pause", "ended"]) audio.addEventListener(type, showState);
for (const type of ["timeupdate", "durationchange", "seeked"]) audio.addEventListener(type, showTime);
audio.addEventListener("playing", () => {
  failures = 0;
});
audio.addEventListener("ended", async () => {
  if (following(at) < 0 && $("more")) await loadMore();
  move(1);
});
audio.addEventListener("error", async () => {
  const track = tracks[at];
  if (!track) return;
  showState();
  const isThere = await fetch(track.href, { method: "HEAD" }).then(({ ok }) => ok, () => false);
  if (track !== tracks[at]) return;
  failures += 1;
  tell(isThere ? problem.dataset.cannotPlay : problem.dataset.gone, track.dataset);
  if (failures < 3) move(1); // a file may be missing; if more are, the link itself has ended
});

seek.addEventListener("input", () => {
  isSeeking = true;
  showTime();
});
seek.addEventListener("change", () => {
  isSeeking = false;
  jump(Number(seek.value));
});
toggle.addEventListener("click", turn);
$("previous").addEventListener("click", () => move(-1));
$("next").addEventListener("click", () => move(1));
const playAll = $("play-all");
playAll.hidden = following(-1) < 0;
playAll.addEventListener("click", () => play(following(-1)));

const actions = {
  play: resume,
  pause: () => audio.pause(),
  previoustrack: () => move(-1),
  nexttrack: () => move(1),
  seekto: ({ seekTime }) => jump(seekTime),
};
for (const [action, act] of Object.entries(navigator.mediaSession ? actions : {})) {
  try {
    navigator.mediaSession.setActionHandler(action, act);
  } catch {
    // This browser does not support the action.
  }
}
