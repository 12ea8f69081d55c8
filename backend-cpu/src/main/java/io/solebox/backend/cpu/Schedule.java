package io.solebox.backend.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which tasks run together, and how long each slot lives. A task runs in the phase after the one
 * that writes the last of what it reads, wherever it stands in the program: the projections to q, k
 * and v share a phase, as do gate and up. A task that treats rows one by one joins that phase
 * itself, where what it reads of it is written row by row as well: they make a group that treats
 * each row in one go.
 *
 * @param phases groups per phase
 * @param phaseOf the phase of each task, by its index in the program
 * @param lastRead per slot id the last phase that reads it
 */
record Schedule(List<List<Group>> phases, int[] phaseOf, int[] lastRead) {
  /** What makes one step. */
  sealed interface Group {
    boolean writes(Slot slot);

    record Single(Task.Whole task) implements Group {
      @Override
      public boolean writes(Slot slot) {
        return task.out().id() == slot.id();
      }
    }

    /** Tasks that run one after the other, row by row. */
    record Rows(Domain domain, List<Task.Rowwise> tasks) implements Group {
      @Override
      public boolean writes(Slot slot) {
        return tasks.stream().anyMatch(t -> t.out().id() == slot.id());
      }
    }
  }

  static Schedule of(Program program) {
    int[] phaseOf = new int[program.tasks().size()];
    int[] writtenIn = new int[program.slots()];
    int[] lastRead = new int[program.slots()];
    List<List<Group>> phases = new ArrayList<>();
    phases.add(new ArrayList<>());
    for (int i = 0; i < phaseOf.length; i++) {
      Task task = program.tasks().get(i);
      int phase = task.reads().stream().mapToInt(slot -> writtenIn[slot.id()]).max().orElse(0);
      if (!joins(task, phases.get(phase))) {
        phase++;
      }
      if (phase == phases.size()) {
        phases.add(new ArrayList<>());
      }
      add(task, phases.get(phase));
      phaseOf[i] = phase;
      writtenIn[task.out().id()] = phase;
      lastRead[task.out().id()] = phase;
      for (Slot slot : task.reads()) {
        lastRead[slot.id()] = Math.max(lastRead[slot.id()], phase);
      }
    }
    for (Slot slot : program.results()) {
      lastRead[slot.id()] = phases.size();
    }
    return new Schedule(phases, phaseOf, lastRead);
  }

  /** Indices of the tasks in the order of their phases. */
  List<Integer> order() {
    return IntStream.range(0, phaseOf.length)
        .boxed()
        .sorted(Comparator.comparingInt(i -> phaseOf[i]))
        .toList();
  }

  private static List<Group> readBy(Task task, List<Group> phase) {
    return phase.stream().filter(g -> task.reads().stream().anyMatch(g::writes)).toList();
  }

  private static boolean joins(Task task, List<Group> phase) {
    return switch (task) {
      case Task.Given _ -> true;
      case Task.Whole t -> readBy(t, phase).isEmpty();
      case Task.Rowwise t ->
          readBy(t, phase).stream()
              .allMatch(g -> g instanceof Group.Rows rows && rows.domain().equals(t.domain()));
    };
  }

  private static void add(Task task, List<Group> phase) {
    switch (task) {
      case Task.Given _ -> {}
      case Task.Whole t -> phase.add(new Group.Single(t));
      case Task.Rowwise t -> {
        var group = new Group.Rows(t.domain(), new ArrayList<>());
        for (Group read : readBy(t, phase)) {
          group.tasks().addAll(((Group.Rows) read).tasks());
          phase.remove(read);
        }
        group.tasks().add(t);
        phase.add(group);
      }
    }
  }
}
