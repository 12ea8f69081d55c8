package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.doctor.Doctor;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.LiveLook;
import io.solebox.hardware.doctor.check.Checks;
import io.solebox.hardware.doctor.facts.Facts;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** What is wrong with this machine, with all that is known of it beside its own files and tools. */
public final class OwnLook {
  private OwnLook() {}

  /** A look at it, for whoever examines or captures it. */
  public static LiveLook now(Environment environment) {
    return LiveLook.at(
        MachineBox.here(),
        environment.dataFolder(),
        AskedBoard.texts(environment),
        InstantSource.system());
  }

  /**
   * Examines it, and notes what counts errors for the next time.
   *
   * @param trouble hears where that cannot be noted
   */
  public static List<Finding> examine(Environment environment, Consumer<String> trouble) {
    LiveLook look = now(environment);
    Facts facts = Facts.of(look.box());
    List<Finding> findings = new Doctor(Checks.all()).examine(facts);
    look.keep(facts).ifPresent(trouble);
    return findings;
  }
}
