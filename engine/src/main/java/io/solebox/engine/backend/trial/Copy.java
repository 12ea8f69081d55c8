package io.solebox.engine.backend.trial;

/** A kind of copies between a host and a device. */
public record Copy(Direction direction, HostMemory memory) {
  /** Which way. */
  public enum Direction {
    TO_DEVICE("to the device", "to_device"),
    FROM_DEVICE("from the device", "from_device"),
    BOTH("both ways at once", "both");

    private final String label;
    private final String wireName;

    Direction(String label, String wireName) {
      this.label = label;
      this.wireName = wireName;
    }

    /** For people. */
    public String label() {
      return label;
    }

    /** For programs. */
    public String wireName() {
      return wireName;
    }
  }

  /** What memory of the host. */
  public enum HostMemory {
    /** That the device reads and writes by itself. */
    PINNED("pinned"),
    /** Ordinary memory, which the driver copies to pinned memory of its own first. */
    PAGEABLE("pageable");

    private final String wireName;

    HostMemory(String wireName) {
      this.wireName = wireName;
    }

    /** For people and for programs. */
    public String wireName() {
      return wireName;
    }
  }

  /** As in {@code to the device, pinned}. */
  public String label() {
    return direction.label() + ", " + memory.wireName();
  }
}
