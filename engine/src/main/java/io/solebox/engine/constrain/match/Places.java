package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.match.Place.Entry;
import io.solebox.engine.constrain.match.Place.Said;
import io.solebox.engine.constrain.match.Position.Bottom;
import io.solebox.engine.constrain.match.Position.Count;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The places of one network, made when they are first reached. Owned by one thread at a time. */
final class Places {
  private final Network network;
  private final Map<States, Place> byStates = new HashMap<>();
  private final Map<CountKey, Count> counts = new HashMap<>();
  private int order;

  /** Sorted states as a key. */
  private record States(int[] states) {
    @Override
    public boolean equals(Object other) {
      return other instanceof States(int[] theirs) && Arrays.equals(states, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(states);
    }
  }

  private record CountKey(Place body, int needed, int remaining) {}

  /** A rule and how often it is to come. */
  private record Entered(int start, boolean loop, int min, int max) {}

  Places(Network network) {
    this.network = network;
  }

  /** Places that are remembered, all that may be made anew. */
  int size() {
    return byStates.size() + counts.size();
  }

  /** Those that somebody holds stay as they are; the same ones made anew are others. */
  void clear() {
    byStates.clear();
    counts.clear();
  }

  Place start() {
    return place(network.start());
  }

  Bottom bottom() {
    return new Bottom(order++);
  }

  Count count(Place body, int needed, int remaining) {
    return counts.computeIfAbsent(
        new CountKey(body, needed, remaining),
        key -> new Count(order++, key.body, key.needed, key.remaining));
  }

  /** The place behind one more byte of that class. */
  Place next(Place from, int classOfByte) {
    if (!from.readsBytes) {
      return place();
    }
    Place known = from.next[classOfByte];
    if (known == null) {
      known = find(from, classOfByte);
      from.next[classOfByte] = known;
    }
    return known;
  }

  private Place find(Place from, int classOfByte) {
    BitSet to = new BitSet();
    for (int state : from.states) {
      for (Arc arc : network.arcs(state)) {
        if (arc instanceof Arc.Bytes(int low, int high, int next)
            && network.classOf(low) <= classOfByte
            && classOfByte <= network.classOf(high)) {
          to.set(next);
        }
      }
    }
    return place(to.stream().toArray());
  }

  /** The rules that may begin there. */
  List<Entry> entries(Place place) {
    if (place.entries == null) {
      place.entries = findEntries(place);
    }
    return place.entries;
  }

  private List<Entry> findEntries(Place place) {
    Map<Entered, BitSet> backs = new LinkedHashMap<>();
    for (int state : place.states) {
      for (Arc arc : network.arcs(state)) {
        switch (arc) {
          case Arc.Enter(int start, int to) ->
              backs.computeIfAbsent(new Entered(start, false, 1, 1), _ -> new BitSet()).set(to);
          case Arc.Loop(int start, int min, int max, int to) ->
              backs.computeIfAbsent(new Entered(start, true, min, max), _ -> new BitSet()).set(to);
          case Arc.Free _, Arc.Bytes _, Arc.Say _ -> {}
        }
      }
    }
    List<Entry> entries = new ArrayList<>();
    backs.forEach(
        (rule, to) ->
            entries.add(
                new Entry(
                    place(rule.start),
                    rule.loop,
                    rule.min,
                    rule.max,
                    place(to.stream().toArray()))));
    return List.copyOf(entries);
  }

  /** The place of some states, and of those that they lead to without a byte. */
  Place place(int... states) {
    BitSet reached = new BitSet();
    int[] work = states.clone();
    int size = work.length;
    Arrays.stream(states).forEach(reached::set);
    while (size > 0) {
      for (Arc arc : network.arcs(work[--size])) {
        if (arc instanceof Arc.Free(int to) && !reached.get(to)) {
          reached.set(to);
          if (size == work.length) {
            work = Arrays.copyOf(work, 2 * size);
          }
          work[size++] = to;
        }
      }
    }
    int[] kept = reached.stream().filter(this::matters).toArray();
    return byStates.computeIfAbsent(new States(kept), _ -> make(kept));
  }

  private boolean matters(int state) {
    return network.isEnd(state)
        || network.arcs(state).stream().anyMatch(arc -> !(arc instanceof Arc.Free));
  }

  private OptionalInt onlyByte(int[] states) {
    OptionalInt only = OptionalInt.empty();
    for (int state : states) {
      for (Arc arc : network.arcs(state)) {
        if (arc instanceof Arc.Bytes(int low, int high, _)) {
          if (low != high || only.isPresent() && only.getAsInt() != low) {
            return OptionalInt.empty();
          }
          only = OptionalInt.of(low);
        }
      }
    }
    return only;
  }

  private Place make(int[] states) {
    boolean end = false;
    boolean readsBytes = false;
    List<Said> says = new ArrayList<>();
    for (int state : states) {
      end |= network.isEnd(state);
      for (Arc arc : network.arcs(state)) {
        readsBytes |= arc instanceof Arc.Bytes;
        if (arc instanceof Arc.Say(var tokens, int to)) {
          says.add(new Said(tokens, to));
        }
      }
    }
    return new Place(
        order++,
        states,
        network.numClasses(),
        end,
        readsBytes,
        onlyByte(states),
        List.copyOf(says));
  }
}
