"""What anybody may read of relief, without signing in."""
