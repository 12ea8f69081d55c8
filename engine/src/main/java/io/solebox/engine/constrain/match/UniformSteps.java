package io.solebox.engine.constrain.match;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Where characters of one kind lead, if they all lead to the same state. Owned by one thread at a
 * time.
 */
final class UniformSteps {
  /** Number of kinds but the last, which has no such characters. */
  static final int KINDS = 6;

  /** Stands for states that are not the same. */
  private static final MatchState DIFFERS = new MatchState(new Place[0], new Frames[0], true, 0);

  /** A character of each kind, for where they are alike. */
  private static final byte[][] EXAMPLES = {
    {'a'}, {'A'}, {'0'}, {' '}, {'.'}, "\u00e9".getBytes(StandardCharsets.UTF_8)
  };

  private final Machine machine;
  private final Places places;

  UniformSteps(Machine machine, Places places) {
    this.machine = machine;
    this.places = places;
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
      known = find(from, kind);
      from.behindKind[kind] = known;
    }
    return known;
  }

  private MatchState find(MatchState from, int kind) {
    for (Place place : from.places) {
      if (!isAlike(place, kind)) {
        return 1 << kind == CharacterKinds.WIDE ? wide(from) : ascii(from, 1 << kind);
      }
    }
    MatchState behind = from;
    for (byte b : EXAMPLES[kind]) {
      behind = machine.next(behind, b & 0xff);
    }
    return behind;
  }

  /**
   * Whether a place shows already that all characters of a kind lead to the same: then they do in
   * all states that it is part of, of which there may be one for each count of a loop.
   */
  private boolean isAlike(Place place, int kind) {
    int bit = 1 << kind;
    if ((place.askedKinds & bit) == 0) {
      place.askedKinds |= bit;
      boolean alike =
          bit == CharacterKinds.WIDE
              ? wideLead(place, CharacterKinds.WHOLE, new HashSet<>())
              : asciiLeads(place, bit);
      place.alikeKinds |= alike ? bit : 0;
    }
    return (place.alikeKinds & bit) != 0;
  }

  private boolean asciiLeads(Place from, int kind) {
    Place all =
        places.next(from, machine.classOf(EXAMPLES[Integer.numberOfTrailingZeros(kind)][0]));
    for (int c = 0; c < 0x80; c++) {
      if (CharacterKinds.of(c) == kind && places.next(from, machine.classOf(c)) != all) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param within how far in a character {@code from} is
   * @param behind the places behind all characters so far; of no more than one
   */
  private boolean wideLead(Place from, int within, Set<Place> behind) {
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
      Place next = places.next(from, machine.classOf(b));
      if (step == CharacterKinds.WHOLE || next.isNowhere()) {
        behind.add(next);
      } else if (!next.isInside(places) || !wideLead(next, step, behind)) {
        return false;
      }
      if (behind.size() > 1) {
        return false;
      }
    }
    return true;
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
