package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import java.time.Duration;

/** A plug between the wall and the box. Each answer comes within a deadline. */
public interface Plug {
  /** For people, as in {@code Shelly 192.168.1.20}. */
  String name();

  /** Whether it is on, and what it measures. */
  Said<PlugReading> read();

  /** Switches; read back. */
  Said<PlugReading> switchTo(boolean on);

  /** Has it switch off by itself after a while, whatever becomes of who told it so. */
  Said<PlugReading> switchOffIn(Duration time);

  /** Has it switch off by itself when more than this is drawn from it. */
  Said<PlugReading> tripAt(int watts);
}
