package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.match.Place.Said;
import io.solebox.engine.constrain.match.Position.Bottom;
import io.solebox.engine.constrain.match.Position.Count;
import io.solebox.engine.error.SoleboxException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads texts along a network. All ways in which a text can be read are followed at once, and what
 * was found for one text serves all that come to the same state: an automaton with stacks that is
 * made deterministic step by step. Owned by one thread at a time.
 *
 * <p>A state is a set of stacks. Stacks with the same top are one with a set of stacks under it
 * (the graph-structured stack of M. Tomita, Efficient Parsing for Natural Language, 1986), and
 * since equal sets are one object, a text that comes back to where it was comes back to the same
 * state.
 */
public final class Machine {
  /**
   * States and sets of stacks that are remembered; beyond that, all are forgotten and made anew.
   */
  private static final int MAX_REMEMBERED = 300_000;

  private final Network network;
  private final int maxRemembered;
  private final Places places;
  private final FrameTable frames = new FrameTable();
  private final Map<MatchState, MatchState> states = new HashMap<>();
  private final UniformSteps uniform;
  private final WorkLimit work = new WorkLimit();
  private final Closing closing;
  private final Bottom bottom;
  private final Frames ground;
  private final MatchState dead;

  public Machine(Network network) {
    this(network, MAX_REMEMBERED);
  }

  /**
   * @param maxRemembered states, sets of stacks and places
   */
  Machine(Network network, int maxRemembered) {
    this.network = network;
    this.maxRemembered = maxRemembered;
    this.places = new Places(network);
    this.uniform = new UniformSteps(this, places);
    this.bottom = places.bottom();
    this.ground = frames.push(bottom, Frames.NONE);
    this.closing = new Closing(this, places, frames, bottom, work);
    this.dead = closing.close();
  }

  /** How much is remembered: some 400 bytes each. */
  public int size() {
    return states.size() + frames.size() + places.size();
  }

  /** Begins to count anew what is done, of which there may be only so much. */
  public void renewWork() {
    work.renew();
  }

  /** Where no text leads. */
  public MatchState dead() {
    return dead;
  }

  /** Before the first byte. */
  public MatchState start() {
    return closing.add(places.start(), ground).close();
  }

  /**
   * Behind one more byte.
   *
   * @throws SoleboxException {@code BAD_GRAMMAR} for a grammar that can be read in too many ways
   */
  public MatchState next(MatchState state, int unsignedByte) {
    if (state.isOver()) {
      return dead;
    }
    int classOfByte = network.classOf(unsignedByte);
    MatchState known = state.next[classOfByte];
    if (known == null) {
      known = find(state, classOfByte);
      state.next[classOfByte] = known;
    }
    return known;
  }

  private MatchState find(MatchState state, int classOfByte) {
    if (state.places.length != 1) {
      for (int i = 0; i < state.places.length; i++) {
        closing.add(places.next(state.places[i], classOfByte), state.stacks[i]);
      }
      return closing.close();
    }
    Place place = places.next(state.places[0], classOfByte);
    return place.isNowhere() ? dead : state(frames.push(place, state.stacks[0]));
  }

  /**
   * How many characters of some kinds may follow at most, whichever they are: the inside of
   * strings.
   *
   * @param kinds of {@link CharacterKinds}, without {@code OTHER}
   * @param most that are asked for
   * @return empty where it depends on the characters, or where fewer than {@code most} may follow
   *     and a text may be complete behind one
   */
  public OptionalInt anyOf(MatchState state, int kinds, int most) {
    MatchState at = state;
    boolean complete = false;
    for (int count = 0; count < most; count++) {
      MatchState next = uniform.next(at, kinds);
      if (next == at) {
        return OptionalInt.of(most);
      }
      if (next == UniformSteps.differs() || next.isDead() && complete) {
        return OptionalInt.empty();
      }
      if (next.isDead()) {
        return OptionalInt.of(count);
      }
      complete |= next.isComplete();
      at = next;
    }
    return OptionalInt.of(most);
  }

  /** Behind a token that the network names, whatever its bytes. */
  public MatchState nextToken(MatchState state, int id) {
    if (!state.saysTokens()) {
      return dead;
    }
    for (int i = 0; i < state.places.length; i++) {
      for (Said said : state.places[i].says) {
        if (said.tokens().ids().contains(id) != said.tokens().others()) {
          closing.add(places.place(said.to()), state.stacks[i]);
        }
      }
    }
    return closing.close();
  }

  /** What may follow in either. */
  public MatchState either(MatchState one, MatchState other) {
    if (one.isDead() || other.isDead()) {
      return one.isDead() ? other : one;
    }
    for (MatchState state : new MatchState[] {one, other}) {
      for (int i = 0; i < state.places.length; i++) {
        closing.add(state.places[i], state.stacks[i]);
      }
      if (state.isComplete()) {
        closing.add(bottom, Frames.NONE);
      }
    }
    return closing.close();
  }

  /** What may follow, in words. */
  public String expected(MatchState state) {
    BitSet bytes = new BitSet();
    for (int b = 0; b < 256; b++) {
      bytes.set(b, !next(state, b).isDead());
    }
    return Expected.oneOf(bytes, state.isComplete());
  }

  int classOf(int unsignedByte) {
    return network.classOf(unsignedByte);
  }

  /** The state of what is on top of stacks. */
  public MatchState state(Frames stacks) {
    if (stacks.state == null) {
      for (int i = 0; i < stacks.size(); i++) {
        closing.add(stacks.tops[i], stacks.under[i]);
      }
      stacks.state = closing.close();
    }
    return stacks.state;
  }

  /**
   * One of a state's places over the upper part of its stacks alone: where that part ends, its
   * texts are complete. Most states share their upper parts with many others.
   *
   * @param place index from 0 to {@link MatchState#numPlaces()}
   * @param horizon number of bytes that are read from there at most: counters that these cannot
   *     bring to an end are as good as any other
   */
  public Upper upper(MatchState of, int place, int horizon) {
    Frames stacks = of.stacks[place];
    Frames kept = ground;
    Frames rest = stacks;
    if (stacks.size() == 1 && stacks.tops[0] instanceof Count count) {
      rest = stacks.under[0];
      boolean alone = rest.size() == 1 && rest.tops[0] instanceof Place;
      if (alone) {
        kept = frames.push(rest.tops[0], kept);
        rest = rest.under[0];
      }
      kept = frames.push(coarse(count, horizon), kept);
    }
    return new Upper(state(frames.push(of.places[place], kept)), rest);
  }

  /**
   * @param state whose complete texts go on at the rest
   */
  public record Upper(MatchState state, Frames rest) {}

  private Count coarse(Count count, int horizon) {
    return places.count(
        count.body,
        count.needed > horizon ? Count.ANY : count.needed,
        count.remaining > horizon ? Count.ANY : count.remaining);
  }

  /** The one state of these places. */
  MatchState state(Place[] reading, Frames[] stacks, boolean complete) {
    if (size() > maxRemembered) {
      states.clear();
      frames.clear();
      places.clear();
    }
    MatchState state = new MatchState(reading, stacks, complete, network.numClasses());
    MatchState old = states.putIfAbsent(state, state);
    return old == null ? state : old;
  }
}
