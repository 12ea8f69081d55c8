package io.solebox.app.update;

import io.solebox.app.update.slot.Status;
import java.util.ArrayList;
import java.util.List;

/** How the slots are, in sentences. */
final class StatusText {
  private StatusText() {}

  static List<String> lines(Status status) {
    List<String> lines = new ArrayList<>();
    Status.Slot running = status.running();
    lines.add(
        "running: %s from slot %s, %s"
            .formatted(
                running.version().orElse("a version that is not known"),
                running.name().word(),
                switch (running.state()) {
                  case CONFIRMED -> "which has proved itself";
                  case ON_TRIAL ->
                      "on trial: it has %d more starts to prove itself"
                          .formatted(running.triesLeft());
                  case FAILED -> "which was given up: the next start takes the other one";
                  case EMPTY -> "whose kernel image is missing: do not restart";
                }));
    Status.Slot other = status.other();
    String version = other.version().orElse("an earlier system, whose version is not known");
    lines.add(
        "slot %s: %s"
            .formatted(
                other.name().word(),
                switch (other.state()) {
                  case CONFIRMED -> version + ", which has proved itself";
                  case ON_TRIAL -> version + ", which the next start tries";
                  case FAILED ->
                      "%s, which was started %d times and never proved itself"
                          .formatted(version, other.triesDone());
                  case EMPTY -> "nothing that could be started";
                }));
    return lines;
  }
}
