package io.solebox.app.scout;

import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.memory.Sizings;
import io.solebox.scout.judge.Outlooks;
import io.solebox.scout.judge.PlannedOutlooks;
import io.solebox.scout.settings.General;
import io.solebox.scout.settings.ScoutSettings;
import java.util.List;
import java.util.Optional;

/** What the planner says of cards in the box that the settings name. */
final class PlannedBox {
  private PlannedBox() {}

  /**
   * @throws io.solebox.engine.error.SoleboxException if the settings name parts that are not known
   */
  static Outlooks outlooks(ScoutSettings settings) {
    Sizings sizings = Sizings.find(Runtime.getRuntime().availableProcessors());
    return settings
        .general()
        .box()
        .map(box -> PlannedOutlooks.in(wish(box), sizings))
        .orElseGet(() -> PlannedOutlooks.anywhere(sizings));
  }

  private static MachineWish wish(General.OwnBox box) {
    return new MachineWish(
        box.host(),
        box.slot(),
        List.of(),
        box.supply(),
        box.cooling(),
        Optional.empty(),
        Optional.empty());
  }
}
