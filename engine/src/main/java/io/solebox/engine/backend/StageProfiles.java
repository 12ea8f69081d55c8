package io.solebox.engine.backend;

import io.solebox.engine.backend.StepProfile.Host;
import io.solebox.engine.backend.StepProfile.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Profiles of stages that run one after the other, as one. */
final class StageProfiles {
  private static final String BETWEEN = "between stages";

  private StageProfiles() {}

  /**
   * Kinds of work of all stages, and what is between these.
   *
   * @param stages at least two
   * @param micros of a whole step, from call to return
   * @param bytes of a hidden state
   */
  static StepProfile together(List<StepProfile> stages, double micros, long bytes) {
    Map<String, Phase> kinds = new LinkedHashMap<>();
    stages.forEach(
        stage ->
            stage.phases().forEach(phase -> kinds.merge(phase.kind(), phase, StageProfiles::plus)));
    var phases = new ArrayList<>(kinds.values());
    double own = stages.stream().mapToDouble(StageProfiles::wholeMicros).sum();
    int crossings = stages.size() - 1;
    double each = Math.max(0, micros - own) / crossings;
    phases.add(new Phase(BETWEEN, crossings, bytes * crossings, each, OptionalDouble.empty()));
    return new StepProfile(
        stages.stream().mapToDouble(StepProfile::stepMicros).sum(),
        phases,
        stages.stream().flatMap(stage -> stage.host().stream()).reduce(StageProfiles::plus));
  }

  /** From call to return: the host's time has the device's own in it. */
  private static double wholeMicros(StepProfile stage) {
    Optional<Host> host = stage.host();
    return host.isEmpty()
        ? stage.stepMicros()
        : host.get().handOverMicros()
            + host.get().launchMicros()
            + host.get().waitMicros()
            + host.get().wakeUpMicros();
  }

  private static Phase plus(Phase a, Phase b) {
    int launches = a.launches() + b.launches();
    double micros = (a.totalMicros() + b.totalMicros()) / Math.max(1, launches);
    return new Phase(a.kind(), launches, a.bytes() + b.bytes(), micros, apart(a, b));
  }

  private static OptionalDouble apart(Phase a, Phase b) {
    if (a.microsApart().isEmpty() || b.microsApart().isEmpty()) {
      return OptionalDouble.empty();
    }
    double all =
        a.launches() * a.microsApart().getAsDouble() + b.launches() * b.microsApart().getAsDouble();
    return OptionalDouble.of(all / Math.max(1, a.launches() + b.launches()));
  }

  private static Host plus(Host a, Host b) {
    return new Host(
        a.handOverMicros() + b.handOverMicros(),
        a.launchMicros() + b.launchMicros(),
        a.waitMicros() + b.waitMicros(),
        a.wakeUpMicros() + b.wakeUpMicros());
  }
}
