"""What is read of audio files, proved on real ones."""
