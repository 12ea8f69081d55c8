package io.solebox.engine.constrain;

import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.constrain.match.Network;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;

/** A grammar that is ready to be followed, by any number of answers. Immutable. */
public final class CompiledGrammar {
  private final Network network;

  private CompiledGrammar(Network network) {
    this.network = network;
  }

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR}: a rule is used and not there, one begins with
   *     itself, no text satisfies it, or it is too large
   */
  public static CompiledGrammar of(Grammar grammar) {
    return new CompiledGrammar(Network.of(grammar));
  }

  /** How large it is: states of some 60 bytes each. */
  public int size() {
    return network.size();
  }

  Network network() {
    return network;
  }

  /**
   * Whether an answer could be this text, and end with it.
   *
   * @throws SoleboxException {@code BAD_GRAMMAR} where it can be read in too many ways
   */
  public boolean accepts(String text) {
    Machine machine = new Machine(network);
    MatchState state = machine.start();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      machine.renewWork();
      state = machine.next(state, b & 0xff);
    }
    return state.isComplete();
  }
}
