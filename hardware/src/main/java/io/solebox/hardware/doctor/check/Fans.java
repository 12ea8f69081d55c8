package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Fans that stand still although they are told to turn. */
final class Fans {
  /** A fifth of 255. */
  private static final int DUTY = 51;

  private static final String FOLDER = "sys/class/hwmon/";

  /** Chips of boards have inputs to which no fan is connected, and which read 0 for good. */
  private static final Set<String> BOARDS =
      Set.of("nct", "it8", "w83", "f71", "dme", "sch", "asus");

  private Fans() {}

  static List<Finding> still(String id, Box box) {
    List<Finding> findings = new ArrayList<>();
    for (String monitor : box.names("sys/class/hwmon")) {
      for (String name : box.names(FOLDER + monitor)) {
        if (name.matches("fan\\d+_input")) {
          still(id, box, FOLDER + monitor, name.substring(3, name.indexOf('_')))
              .ifPresent(findings::add);
        }
      }
    }
    return findings;
  }

  private static Optional<Finding> still(String id, Box box, String monitor, String number) {
    String fan = monitor + "/fan" + number;
    Optional<Integer> rpm = number(box, fan + "_input");
    Optional<Integer> duty = number(box, monitor + "/pwm" + number);
    if (rpm.filter(it -> it == 0).isEmpty() || duty.filter(it -> it > DUTY).isEmpty()) {
      return Optional.empty();
    }
    String name = box.read(monitor + "/name").word().orElse("a monitor");
    boolean maybeNone =
        BOARDS.stream().anyMatch(name::startsWith)
            && number(box, fan + "_min").filter(it -> it > 0).isEmpty()
            && number(box, fan + "_alarm").filter(it -> it > 0).isEmpty();
    String message =
        "Fan %s of %s stands still (0 rpm) although it is told to turn (%d %%)"
            .formatted(number, name, Math.round(duty.get() * 100 / 255.0));
    List<Evidence> evidence =
        List.of(
            new Evidence(fan + "_input", 0, "0"),
            new Evidence(monitor + "/pwm" + number, 0, duty.get().toString()));
    return Optional.of(
        maybeNone
            ? Finding.calm(
                id, Verdict.INFO, message + "; perhaps none is connected there.", evidence)
            : Finding.problem(
                id,
                Verdict.FAIL,
                message + ".",
                evidence,
                "Look whether something blocks it, and at its plug; replace it.",
                "cat /" + fan + "_input"));
  }

  private static Optional<Integer> number(Box box, String path) {
    return box.read(path).word().filter(word -> word.matches("\\d{1,7}")).map(Integer::valueOf);
  }
}
