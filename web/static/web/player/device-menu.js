// The menu of the user's devices: which one plays, play here or there, rename this one.

import { showMenu } from "./menu.js";
import { askForName } from "./name-dialog.js";
import { moment } from "./words.js";

export const showDevices = async (player, toasts, at) => {
  const { devices } = player;
  await devices.ask();
  const others = devices.list.filter(({ key, is_away: isAway }) => key !== devices.key && !isAway);
  const away = devices.list.filter(({ key, is_away: isAway }) => key !== devices.key && isAway);
  const own = devices.own?.name ?? "this browser";
  showMenu(
    "Devices",
    [
      player.isRemote ? { label: `Play here, on ${own}`, run: () => player.playHere() } : { label: `This is ${own}`, isChosen: true },
      ...others.map((each) => ({ label: labelOf(each), run: () => hand(player, toasts, each) })),
      { label: `Rename ${own}…`, run: () => rename(devices, own) },
      ...away.map((each) => ({ label: `Forget ${each.name}, last seen ${moment(each.last_seen_at)}`, run: () => devices.forget(each.key) })),
    ],
    at,
  );
};

const labelOf = ({ name, is_playing: isPlaying }) => (isPlaying ? `Plays on ${name}` : `Play on ${name}`);

// The other device goes on with what plays here. It has the queue, and pauses this one itself.
const hand = async (player, toasts, device) => {
  if (device.is_playing) return;
  await player.saved.save();
  await player.sync.push();
  await player.devices.command("take_over", {}, device.key);
  toasts.show(`${device.name} is asked to go on.`, "info");
};

const rename = (devices, name) =>
  askForName({ title: "Name of this device", name, save: (given) => devices.rename(given) });
