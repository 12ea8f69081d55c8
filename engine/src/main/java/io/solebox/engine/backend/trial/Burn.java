package io.solebox.engine.backend.trial;

/**
 * Work that does nothing but multiply and add, as hot as the device gets of it.
 *
 * @param unit what computes it on this device
 */
public record Burn(Numbers numbers, Unit unit) {
  /** What is multiplied. */
  public enum Numbers {
    F16("f16"),
    INT8("int8"),
    F32("f32");

    private final String wireName;

    Numbers(String wireName) {
      this.wireName = wireName;
    }

    /** For people and for programs. */
    public String wireName() {
      return wireName;
    }
  }

  /** Where on the device. */
  public enum Unit {
    /** Tensor cores and the like. */
    MATRIX("matrix units"),
    /** The lanes that everything else runs on; for int8 those that add four products at a time. */
    LANES("ordinary lanes");

    private final String label;

    Unit(String label) {
      this.label = label;
    }

    /** For people. */
    public String label() {
      return label;
    }
  }

  /** As in {@code f16 on matrix units}. */
  public String label() {
    return numbers.wireName() + " on " + unit.label();
  }
}
