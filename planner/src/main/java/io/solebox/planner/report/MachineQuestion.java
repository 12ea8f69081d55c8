package io.solebox.planner.report;

import io.solebox.planner.figure.Range;
import io.solebox.planner.heat.Air;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.money.Duty;
import io.solebox.planner.money.PartsCost;
import io.solebox.planner.money.Prices;
import java.util.Optional;

/**
 * What is asked of a machine beside the model that it is for.
 *
 * @param machine whose heat and money it is
 * @param air that cools it
 * @param duty what part of the time it is busy with what
 * @param prices of electricity and of tokens elsewhere
 * @param cost of all of it, or of what the tables know
 * @param tokens a second that it makes for all clients together; empty where that is not known
 */
public record MachineQuestion(
    MachineProfile machine,
    Air air,
    Duty duty,
    Prices prices,
    PartsCost cost,
    Optional<Range> tokens) {
  /** With what is usual, where nobody says more. */
  public static MachineQuestion of(MachineProfile machine) {
    return new MachineQuestion(
        machine,
        Air.usual(),
        Duty.always(),
        Prices.usual(),
        PartsCost.of(machine),
        Optional.empty());
  }

  /** The same in other air. */
  public MachineQuestion with(Air other) {
    return new MachineQuestion(machine, other, duty, prices, cost, tokens);
  }

  /** The same with other shares of the time. */
  public MachineQuestion with(Duty other) {
    return new MachineQuestion(machine, air, other, prices, cost, tokens);
  }

  /** The same at other prices. */
  public MachineQuestion with(Prices other) {
    return new MachineQuestion(machine, air, duty, other, cost, tokens);
  }

  /** The same for other money. */
  public MachineQuestion with(PartsCost other) {
    return new MachineQuestion(machine, air, duty, prices, other, tokens);
  }

  /** The same of a machine that makes so many tokens a second for all clients together. */
  public MachineQuestion making(Range tokensPerSecond) {
    return new MachineQuestion(machine, air, duty, prices, cost, Optional.of(tokensPerSecond));
  }
}
