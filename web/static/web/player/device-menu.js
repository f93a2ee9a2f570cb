// The menu of the user's devices: which one plays, play here or there, rename this one.

import { showMenu } from "./menu.js";
import { askForName } from "./name-dialog.js";
import { filled, gettext } from "./translation.js";
import { moment } from "./words.js";

export const showDevices = async (player, toasts, at) => {
  const { devices } = player;
  await devices.ask();
  const others = devices.list.filter(({ key, is_away: isAway }) => key !== devices.key && !isAway);
  const away = devices.list.filter(({ key, is_away: isAway }) => key !== devices.key && isAway);
  const own = devices.own?.name ?? gettext("this browser");
  showMenu(
    gettext("Devices"),
    [
      player.isRemote ? { label: filled(gettext("Play here, on %(name)s"), { name: own }), run: () => player.playHere() } : { label: filled(gettext("This is %(name)s"), { name: own }), isChosen: true },
      ...others.map((each) => ({ label: labelOf(each), run: () => hand(player, toasts, each) })),
      { label: filled(gettext("Rename %(name)s…"), { name: own }), run: () => rename(devices, own) },
      ...away.map((each) => ({ label: filled(gettext("Forget %(name)s, last seen %(moment)s"), { name: each.name, moment: moment(each.last_seen_at) }), run: () => devices.forget(each.key) })),
    ],
    at,
  );
};

const labelOf = ({ name, is_playing: isPlaying }) => (filled(isPlaying ? gettext("Plays on %(name)s") : gettext("Play on %(name)s"), { name }));

// The other device goes on with what plays here. It has the queue, and pauses this one itself.
const hand = async (player, toasts, device) => {
  if (device.is_playing) return;
  await player.saved.save();
  await player.sync.push();
  await player.devices.command("take_over", {}, device.key);
  toasts.show(filled(gettext("%(name)s is asked to go on."), { name: device.name }), "info");
};

const rename = (devices, name) =>
  askForName({ title: gettext("Name of this device"), name, save: (given) => devices.rename(given) });
