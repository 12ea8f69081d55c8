package io.solebox.app.session;

import io.solebox.hardware.telemetry.Source;

/** One that cannot be asked, and why. */
record SilentSource(String name, String why) implements Source {
  @Override
  public Answer read() {
    return new Answer.Silence(why);
  }
}
