package io.solebox.engine.constrain.match;

/**
 * Where characters of one kind lead, if they all lead to the same state. Owned by one thread at a
 * time.
 */
final class UniformSteps {
  /** Number of kinds but the last, which has no such characters. */
  static final int KINDS = 4;

  /** Stands for states that are not the same. */
  private static final MatchState DIFFERS = new MatchState(new Place[0], new Frames[0], true, 0);

  private final Machine machine;

  UniformSteps(Machine machine) {
    this.machine = machine;
  }

  /** What {@link #next} gives where it depends on the character. */
  static MatchState differs() {
    return DIFFERS;
  }

  /** The state behind any character of some kinds. */
  MatchState next(MatchState from, int kinds) {
    MatchState all = null;
    for (int kind = 0; kind < KINDS; kind++) {
      if ((kinds & 1 << kind) != 0) {
        MatchState one = nextOfKind(from, kind);
        if (all != null && all != one) {
          return DIFFERS;
        }
        all = one;
      }
    }
    return all;
  }

  private MatchState nextOfKind(MatchState from, int kind) {
    MatchState known = from.behindKind[kind];
    if (known == null) {
      known = 1 << kind == CharacterKinds.WIDE ? wide(from) : ascii(from, 1 << kind);
      from.behindKind[kind] = known;
    }
    return known;
  }

  private MatchState ascii(MatchState from, int kind) {
    MatchState all = null;
    for (int c = 0; c < 0x80; c++) {
      if (CharacterKinds.of(c) == kind) {
        MatchState one = machine.next(from, c);
        if (all != null && all != one) {
          return DIFFERS;
        }
        all = one;
      }
    }
    return all;
  }

  private MatchState wide(MatchState from) {
    return wide(from, CharacterKinds.WHOLE, null);
  }

  /**
   * @param within how far in a character {@code from} is
   * @param before the state behind all characters so far; null for none
   */
  private MatchState wide(MatchState from, int within, MatchState before) {
    MatchState all = before;
    int lastStep = CharacterKinds.BROKEN;
    int lastClass = -1;
    for (int b = 0x80; b <= 0xff; b++) {
      int step = CharacterKinds.step(within, b);
      boolean asLast = step == lastStep && machine.classOf(b) == lastClass;
      lastStep = step;
      lastClass = machine.classOf(b);
      if (asLast || step == CharacterKinds.BROKEN) {
        continue;
      }
      MatchState next = machine.next(from, b);
      if (step != CharacterKinds.WHOLE && !next.isDead()) {
        next = wide(next, step, all);
      }
      if (all != null && all != next) {
        return DIFFERS;
      }
      all = next;
    }
    return all;
  }
}
