package io.solebox.app.update.slot;

import io.solebox.app.update.file.Manifest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How the two slots of a machine are.
 *
 * @param running the one that runs
 * @param other the other one
 */
public record Status(Slot running, Slot other) {
  /**
   * One of them.
   *
   * @param name which
   * @param version that is in it; empty where that is not known
   * @param state how it is
   * @param triesLeft how often it will still be tried
   * @param triesDone how often it was, of one that has not proved itself
   */
  public record Slot(
      SlotName name, Optional<String> version, SlotState state, int triesLeft, int triesDone) {
    private Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("slot", name.word());
      fields.put("version", version.orElse(null));
      fields.put("state", state.name().toLowerCase(Locale.ROOT));
      fields.put("tries_left", triesLeft);
      fields.put("tries_done", triesDone);
      return fields;
    }
  }

  /**
   * Looks.
   *
   * @param version of the program that runs, which is what its slot holds
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_UPDATE} where there is nothing to
   *     be seen
   */
  public static Status of(Machine machine, String version) {
    SlotName running = machine.running();
    return new Status(
        slot(machine, running, Optional.of(version)),
        slot(
            machine,
            running.other(),
            machine.records().of(running.other()).map(Manifest::version).map(Object::toString)));
  }

  private static Slot slot(Machine machine, SlotName name, Optional<String> version) {
    Optional<BootEntry> entry = machine.entries().of(name);
    if (entry.isEmpty()) {
      return new Slot(name, Optional.empty(), SlotState.EMPTY, 0, 0);
    }
    SlotState state =
        entry.get().confirmed()
            ? SlotState.CONFIRMED
            : entry.get().failed() ? SlotState.FAILED : SlotState.ON_TRIAL;
    return new Slot(
        name, version, state, entry.get().triesLeft().orElse(0), entry.get().triesDone());
  }

  /** What comes after the next start: the other slot where it is to be tried. */
  public boolean restartTriesOther() {
    return other.state() == SlotState.ON_TRIAL;
  }

  /** As values for JSON. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("running", running.fields());
    fields.put("other", other.fields());
    fields.put("restart_tries_other", restartTriesOther());
    return fields;
  }
}
