"""A Navidrome database of its documented schema (github.com/navidrome/navidrome, db/migrations):
the columns that moving in reads, and some others."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

SCHEMA = """
create table user (id varchar(255) not null primary key,
    user_name varchar(255) default '' not null unique, name varchar(255) default '' not null,
    is_admin bool default FALSE not null, created_at datetime not null,
    updated_at datetime not null);
create table library (id integer primary key autoincrement, name text not null unique,
    path text not null unique);
create table media_file (id varchar(255) not null primary key,
    path varchar(255) default '' not null, title varchar(255) default '' not null,
    album varchar(255) default '' not null, artist varchar(255) default '' not null,
    artist_id varchar(255) default '' not null, album_artist varchar(255) default '' not null,
    album_id varchar(255) default '' not null, duration real default 0 not null,
    mbz_recording_id varchar(255) default '', missing boolean default false not null,
    library_id integer not null default 1);
create table album (id varchar(255) not null primary key, name varchar(255) default '' not null,
    album_artist varchar(255) default '' not null, mbz_album_id varchar(255) default '',
    library_id integer not null default 1);
create table artist (id varchar(255) not null primary key, name varchar(255) default '' not null,
    mbz_artist_id varchar(255) default '');
create table annotation (user_id varchar(255) default '' not null,
    item_id varchar(255) default '' not null, item_type varchar(255) default '' not null,
    play_count integer default 0, play_date datetime, rating integer default 0,
    starred bool default FALSE not null, starred_at datetime, rated_at datetime,
    unique (user_id, item_id, item_type));
create table bookmark (user_id varchar(255) not null, item_id varchar(255) not null,
    item_type varchar(255) not null, comment varchar(255), position integer,
    changed_by varchar(255), created_at datetime, updated_at datetime);
create table playlist (id varchar(255) not null primary key,
    name varchar(255) default '' not null, comment varchar(255) default '' not null,
    public bool default FALSE not null, path string default '' not null,
    sync bool default false not null, rules varchar, owner_id varchar(255) not null);
create table playlist_tracks (id integer default 0 not null, playlist_id varchar(255) not null,
    media_file_id varchar(255) not null);
create table scrobbles (media_file_id varchar(255) not null, user_id varchar(255) not null,
    submission_time integer not null);
"""

Row = Sequence[Any]


class NavidromeDatabase:
    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as database:
            database.executescript(SCHEMA)
            database.execute("INSERT INTO library (name, path) VALUES ('Music', '/there/music')")
            database.commit()

    def add(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        with closing(sqlite3.connect(self.path)) as database:
            for row in rows:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                database.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                    tuple(row.values()),
                )
            database.commit()

    def execute(self, sql: str) -> None:
        with closing(sqlite3.connect(self.path)) as database:
            database.execute(sql)
            database.commit()

    def add_user(self, name: str) -> str:
        time = "2024-01-01 00:00:00+00:00"
        row = {"id": f"id of {name}", "user_name": name, "created_at": time, "updated_at": time}
        self.add("user", [row])
        return f"id of {name}"
