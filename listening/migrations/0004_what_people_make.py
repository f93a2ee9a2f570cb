"""The tables of what people make of the library.

Constraints and indexes are part of each table: SQLite would make the table anew for each one that
is added later.
"""

import django.db.models.deletion
import django.utils.timezone
import library.models.keys
import library.models.paths
import listening.models.playlists
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('library', '0021_newest_folder_before'),
        ('listening', '0003_lost_audio_digest'),
    ]

    operations = [
        migrations.CreateModel(
            name='LostItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('track', 'track'), ('album', 'album'), ('artist', 'artist'), ('folder', 'folder')], default='track', max_length=6)),
                ('former_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('audio_digest', models.CharField(blank=True, max_length=32)),
                ('musicbrainz_id', models.CharField(blank=True, max_length=36)),
                ('title', models.TextField()),
                ('artist', models.TextField(blank=True)),
                ('album', models.TextField(blank=True)),
                ('duration_s', models.FloatField(blank=True, null=True)),
                ('path', models.TextField(blank=True, help_text="Where it was, or where a playlist's file says that it is.")),
                ('match_key', models.CharField(blank=True, max_length=32)),
                ('path_key', models.CharField(blank=True, max_length=32)),
                ('lost_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'match_key'], name='lost_item_match_key'), models.Index(condition=models.Q(('path_key', ''), _negated=True), fields=['path_key'], name='lost_item_path_key'), models.Index(condition=models.Q(('audio_digest', ''), _negated=True), fields=['audio_digest'], name='lost_item_digest'), models.Index(condition=models.Q(('musicbrainz_id', ''), _negated=True), fields=['musicbrainz_id'], name='lost_item_musicbrainz')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('former_id__isnull', False)), fields=('kind', 'former_id'), name='lost_item_unique_former')],
            },
        ),
        migrations.CreateModel(
            name='PlaylistFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('name_key', library.models.keys.KeyField(blank=True)),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listening.playlistfolder')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=100)),
                ('is_named_by_hand', models.BooleanField(default=False)),
                ('last_seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_playing', models.BooleanField(default=False)),
                ('playing_since', models.DateTimeField(blank=True, null=True)),
                ('state', models.JSONField(default=dict)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='device_unique_key')],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('favourited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('album', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.album')),
                ('artist', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.artist')),
                ('folder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.folder')),
                ('track', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.track')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lost', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listening.lostitem')),
            ],
            options={
                'indexes': [models.Index(fields=['track'], name='favourite_of_track'), models.Index(fields=['lost'], name='favourite_of_lost'), models.Index(fields=['user', 'number'], name='favourite_number'), models.Index(condition=models.Q(('track__isnull', False)), fields=['user', 'favourited_at', 'track'], name='favourite_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('album__isnull', True), ('artist__isnull', True), ('folder__isnull', True), ('lost__isnull', True), ('track__isnull', False)), models.Q(('album__isnull', False), ('artist__isnull', True), ('folder__isnull', True), ('lost__isnull', True), ('track__isnull', True)), models.Q(('album__isnull', True), ('artist__isnull', False), ('folder__isnull', True), ('lost__isnull', True), ('track__isnull', True)), models.Q(('album__isnull', True), ('artist__isnull', True), ('folder__isnull', False), ('lost__isnull', True), ('track__isnull', True)), models.Q(('album__isnull', True), ('artist__isnull', True), ('folder__isnull', True), ('lost__isnull', False), ('track__isnull', True)), _connector='OR'), name='favourite_of_one'), models.UniqueConstraint(condition=models.Q(('track__isnull', False)), fields=('user', 'track'), name='favourite_unique_track'), models.UniqueConstraint(condition=models.Q(('album__isnull', False)), fields=('user', 'album'), name='favourite_unique_album'), models.UniqueConstraint(condition=models.Q(('artist__isnull', False)), fields=('user', 'artist'), name='favourite_unique_artist'), models.UniqueConstraint(condition=models.Q(('folder__isnull', False)), fields=('user', 'folder'), name='favourite_unique_folder'), models.UniqueConstraint(condition=models.Q(('lost__isnull', False)), fields=('user', 'lost'), name='favourite_unique_lost')],
            },
        ),
        migrations.CreateModel(
            name='Bookmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position_s', models.FloatField()),
                ('comment', models.TextField(blank=True)),
                ('is_by_hand', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('track', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.track')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lost', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listening.lostitem')),
            ],
            options={
                'indexes': [models.Index(fields=['track'], name='bookmark_of_track'), models.Index(fields=['lost'], name='bookmark_of_lost'), models.Index(fields=['user', 'number'], name='bookmark_number')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lost__isnull', True), ('track__isnull', False)), models.Q(('lost__isnull', False), ('track__isnull', True)), _connector='OR'), name='bookmark_of_one'), models.CheckConstraint(condition=models.Q(('position_s__gte', 0)), name='bookmark_position_not_negative'), models.UniqueConstraint(condition=models.Q(('track__isnull', False)), fields=('user', 'track'), name='bookmark_unique_track'), models.UniqueConstraint(condition=models.Q(('lost__isnull', False)), fields=('user', 'lost'), name='bookmark_unique_lost')],
            },
        ),
        migrations.CreateModel(
            name='Play',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('heard_s', models.FloatField(blank=True, null=True)),
                ('client', models.CharField(blank=True, max_length=100)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('lost', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listening.lostitem')),
                ('track', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.track')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-started_at', '-id'], name='play_of_user'), models.Index(condition=models.Q(('told_at__isnull', False)), fields=['user', 'told_at'], name='play_told_at'), models.Index(fields=['track', 'user', '-started_at', '-id'], name='play_of_track'), models.Index(condition=models.Q(('lost__isnull', False)), fields=['lost'], name='play_of_lost')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lost__isnull', True), ('track__isnull', False)), models.Q(('lost__isnull', False), ('track__isnull', True)), _connector='OR'), name='play_of_one'), models.UniqueConstraint(condition=models.Q(('track__isnull', False)), fields=('user', 'started_at', 'track'), name='play_unique_track'), models.UniqueConstraint(condition=models.Q(('lost__isnull', False)), fields=('user', 'started_at', 'lost'), name='play_unique_lost')],
            },
        ),
        migrations.CreateModel(
            name='PlayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveIntegerField(default=0)),
                ('last_played_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('lost', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listening.lostitem')),
                ('track', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.track')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['track'], name='play_count_of_track'), models.Index(condition=models.Q(('lost__isnull', False)), fields=['lost'], name='play_count_of_lost'), models.Index(fields=['user', 'number'], name='play_count_number'), models.Index(fields=['user', 'count', 'track'], name='play_count_order'), models.Index(fields=['user', 'last_played_at', 'track'], name='play_count_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lost__isnull', True), ('track__isnull', False)), models.Q(('lost__isnull', False), ('track__isnull', True)), _connector='OR'), name='play_count_of_one'), models.UniqueConstraint(condition=models.Q(('track__isnull', False)), fields=('user', 'track'), name='play_count_unique_track'), models.UniqueConstraint(condition=models.Q(('lost__isnull', False)), fields=('user', 'lost'), name='play_count_unique_lost')],
            },
        ),
        migrations.CreateModel(
            name='PlayerCommand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=24)),
                ('arguments', models.JSONField(default=dict)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listening.device')),
                ('sender', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='listening.device')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'id'], name='player_command_of_user')],
            },
        ),
        migrations.CreateModel(
            name='Playlist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('name_key', library.models.keys.KeyField(blank=True)),
                ('search_text', models.TextField(blank=True)),
                ('description', models.TextField(blank=True)),
                ('sharing', models.CharField(choices=[('private', 'nothing: only the owner sees it'), ('read', 'see and play it'), ('write', 'see, play and change it')], default='private', max_length=7)),
                ('rules', models.JSONField(blank=True, null=True)),
                ('entry_count', models.PositiveIntegerField(default=0)),
                ('duration_s', models.FloatField(default=0)),
                ('version', models.PositiveBigIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('source_root', library.models.paths.PathField(blank=True)),
                ('source_path', library.models.paths.PathField(blank=True)),
                ('source_key', models.CharField(blank=True, max_length=32)),
                ('source_mtime_ns', models.BigIntegerField(default=0)),
                ('source_size_bytes', models.BigIntegerField(default=0)),
                ('source_digest', models.CharField(blank=True, max_length=32)),
                ('source_state', models.CharField(blank=True, choices=[('follows', 'follows its file'), ('gone', 'the file is gone'), ('detached', 'does not follow its file any more')], max_length=8)),
                ('user', models.ForeignKey(on_delete=listening.models.playlists.hand_over_or_delete, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('folder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='listening.playlistfolder')),
            ],
            options={
                'ordering': ['name_key', 'id'],
                'indexes': [models.Index(fields=['sharing', 'name_key'], name='playlist_of_sharing')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('source_key',), name='playlist_unique_source')],
            },
        ),
        migrations.CreateModel(
            name='PlaylistEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.BigIntegerField()),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lost', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listening.lostitem')),
                ('playlist', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='listening.playlist')),
                ('track', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.track')),
            ],
            options={
                'verbose_name_plural': 'playlist entries',
                'ordering': ['place', 'id'],
                'indexes': [models.Index(condition=models.Q(('removed_at__isnull', True)), fields=['playlist', 'place', 'id', 'track'], name='playlist_entry_place'), models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['removed_at'], name='playlist_entry_removed'), models.Index(fields=['track'], name='playlist_entry_of_track'), models.Index(condition=models.Q(('lost__isnull', False)), fields=['lost'], name='playlist_entry_of_lost')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lost__isnull', True), ('track__isnull', False)), models.Q(('lost__isnull', False), ('track__isnull', True)), _connector='OR'), name='playlist_entry_of_one')],
            },
        ),
        migrations.CreateModel(
            name='PlayQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_current', models.BooleanField(default=True)),
                ('entries', models.TextField(default='[]')),
                ('original', models.TextField(blank=True, default='')),
                ('entry_count', models.PositiveIntegerField(default=0)),
                ('index', models.PositiveIntegerField(default=0)),
                ('position_s', models.FloatField(default=0)),
                ('is_made_by_hand', models.BooleanField(default=False)),
                ('title', models.TextField(blank=True, help_text='Of the current track, for lists of queues.')),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='listening.device')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-replaced_at'], name='play_queue_of_user')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('user',), name='play_queue_one_current')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stars', models.PositiveSmallIntegerField()),
                ('rated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('album', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.album')),
                ('artist', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.artist')),
                ('folder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.folder')),
                ('lost', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listening.lostitem')),
                ('track', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.track')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['track'], name='rating_of_track'), models.Index(fields=['lost'], name='rating_of_lost'), models.Index(fields=['user', 'number'], name='rating_number'), models.Index(condition=models.Q(('track__isnull', False)), fields=['user', 'stars', 'track'], name='rating_by_stars')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('album__isnull', True), ('artist__isnull', True), ('folder__isnull', True), ('lost__isnull', True), ('track__isnull', False)), models.Q(('album__isnull', False), ('artist__isnull', True), ('folder__isnull', True), ('lost__isnull', True), ('track__isnull', True)), models.Q(('album__isnull', True), ('artist__isnull', False), ('folder__isnull', True), ('lost__isnull', True), ('track__isnull', True)), models.Q(('album__isnull', True), ('artist__isnull', True), ('folder__isnull', False), ('lost__isnull', True), ('track__isnull', True)), models.Q(('album__isnull', True), ('artist__isnull', True), ('folder__isnull', True), ('lost__isnull', False), ('track__isnull', True)), _connector='OR'), name='rating_of_one'), models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='rating_of_stars'), models.UniqueConstraint(condition=models.Q(('track__isnull', False)), fields=('user', 'track'), name='rating_unique_track'), models.UniqueConstraint(condition=models.Q(('album__isnull', False)), fields=('user', 'album'), name='rating_unique_album'), models.UniqueConstraint(condition=models.Q(('artist__isnull', False)), fields=('user', 'artist'), name='rating_unique_artist'), models.UniqueConstraint(condition=models.Q(('folder__isnull', False)), fields=('user', 'folder'), name='rating_unique_folder'), models.UniqueConstraint(condition=models.Q(('lost__isnull', False)), fields=('user', 'lost'), name='rating_unique_lost')],
            },
        ),
        migrations.CreateModel(
            name='RemovedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=16)),
                ('kind', models.CharField(blank=True, max_length=6)),
                ('item_id', models.PositiveBigIntegerField()),
                ('number', models.PositiveBigIntegerField()),
                ('removed_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'number'], name='removed_item_number')],
                'constraints': [models.UniqueConstraint(fields=('user', 'what', 'kind', 'item_id'), name='removed_item_unique')],
            },
        ),
        migrations.CreateModel(
            name='ScrobbleAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(choices=[('listenbrainz', 'ListenBrainz'), ('lastfm', 'Last.fm'), ('librefm', 'Libre.fm')], max_length=12)),
                ('url', models.TextField(blank=True)),
                ('name', models.TextField(blank=True, help_text="The user's name at the service.")),
                ('secret', models.TextField(blank=True)),
                ('is_enabled', models.BooleanField(default=True)),
                ('tells_now_playing', models.BooleanField(default=True)),
                ('tells_favourites', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('connected_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.TextField(blank=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last_failure', models.TextField(blank=True)),
                ('paused_until', models.DateTimeField(blank=True, null=True)),
                ('claimed_by', models.CharField(blank=True, max_length=64)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'service', 'url'), name='scrobble_account_unique')],
            },
        ),
        migrations.CreateModel(
            name='OutboxItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('listen', 'play'), ('love', 'favourite'), ('unlove', 'favourite taken away')], max_length=6)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('asking', 'sent, the answer was lost'), ('refused', 'refused'), ('sent', 'sent')], default='waiting', max_length=7)),
                ('facts', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='outbox', to='listening.scrobbleaccount')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'state', 'id'], name='outbox_of_account'), models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['settled_at'], name='outbox_settled')],
            },
        ),
    ]
