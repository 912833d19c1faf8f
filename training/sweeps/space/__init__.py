"""What a sweep varies, and its objectives."""
