// The title of the browser's tab: what plays, else the place that is shown. The browser's history and its
// bookmarks keep it as the name of the place.

export class TabTitle {
  place = "";

  constructor(player) {
    this.player = player;
    for (const type of ["track", "playing"]) player.addEventListener(type, () => this.show());
  }

  // `title`: that of the place which is shown now.
  setPlace(title) {
    this.place = title;
    this.show();
  }

  show() {
    const { track, isPlaying } = this.player;
    const place = this.place ? `${this.place} · mus` : "mus";
    document.title = isPlaying && track ? `${track.artist} - ${track.title}` : place;
  }
}
