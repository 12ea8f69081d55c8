package io.solebox.hardware.care;

import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import java.util.Map;

/** Hears what the caretaker sees and does, on its thread; the next look waits for it. */
public interface CareListener {
  /**
   * What is asked for has changed: a level, of the machine or of a device.
   *
   * @param before what was asked for until now
   */
  void ruled(Ruling before, Ruling now);

  /**
   * Cards were held to their shares, for the first time or anew.
   *
   * @param holds what became of each, by UUID
   */
  void held(PowerPlan plan, Map<String, Hold> holds);
}
