package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.match.Place.Entry;
import io.solebox.engine.constrain.match.Position.Bottom;
import io.solebox.engine.constrain.match.Position.Count;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Finds all places that some positions lead to without a byte, one set of positions after the
 * other. Owned by one thread at a time.
 */
final class Closing {
  private final Machine machine;
  private final Places places;
  private final FrameTable frames;
  private final Bottom bottom;
  private final List<Position> reached = new ArrayList<>();
  private final Deque<Position> open = new ArrayDeque<>();
  private final WorkLimit work;

  Closing(Machine machine, Places places, FrameTable frames, Bottom bottom, WorkLimit work) {
    this.work = work;
    this.machine = machine;
    this.places = places;
    this.frames = frames;
    this.bottom = bottom;
  }

  Closing add(Position position, Frames under) {
    if (!position.reached) {
      position.reached = true;
      position.under = under;
      reached.add(position);
    } else {
      Frames all = union(position.under, under);
      if (all == position.under) {
        return this;
      }
      position.under = all;
    }
    if (!position.open) {
      position.open = true;
      open.add(position);
    }
    return this;
  }

  private Frames union(Frames one, Frames other) {
    try {
      return frames.union(one, other, work);
    } catch (SoleboxException e) {
      clear();
      throw e;
    }
  }

  /** The state of what was added, whereupon the next begins. */
  MatchState close() {
    try {
      while (!open.isEmpty()) {
        work.add(1);
        Position position = open.remove();
        position.open = false;
        switch (position) {
          case Bottom _ -> {}
          case Count count -> count(count);
          case Place place -> enter(place);
        }
      }
      return state();
    } finally {
      clear();
    }
  }

  private void clear() {
    for (Position position : reached) {
      position.reached = false;
      position.open = false;
      position.under = Frames.NONE;
    }
    reached.clear();
    open.clear();
  }

  private void count(Count count) {
    Frames under = count.under;
    if (count.needed == 0) {
      pop(under);
    }
    if (count.remaining > 0) {
      Count next = places.count(count.body, less(count.needed), less(count.remaining));
      add(count.body, frames.push(next, under));
    }
  }

  private static int less(int count) {
    return count == 0 || count == Count.ANY ? count : count - 1;
  }

  private void pop(Frames stacks) {
    for (int i = 0; i < stacks.size(); i++) {
      add(stacks.tops[i], stacks.under[i]);
    }
  }

  private void enter(Place place) {
    Frames under = place.under;
    if (place.end) {
      pop(under);
    }
    for (Entry entry : places.entries(place)) {
      places.entries(entry.back());
      Frames stacks = entry.back().isOver() ? under : frames.push(entry.back(), under);
      if (entry.loop()) {
        add(places.count(entry.body(), entry.min(), entry.max()), stacks);
      } else {
        add(entry.body(), stacks);
      }
    }
  }

  private MatchState state() {
    List<Place> reading = new ArrayList<>();
    for (Position position : reached) {
      if (position instanceof Place place && (place.readsBytes || !place.says.isEmpty())) {
        reading.add(place);
      }
    }
    reading.sort(Comparator.comparingInt(place -> place.order));
    Frames[] stacks = new Frames[reading.size()];
    for (int i = 0; i < stacks.length; i++) {
      stacks[i] = reading.get(i).under;
    }
    return machine.state(reading.toArray(Place[]::new), stacks, bottom.reached);
  }
}
