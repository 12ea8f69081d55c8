package io.solebox.hardware.nvml;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** NVML in a thread of this process. */
final class NvmlThread implements NvmlServant {
  private final BlockingQueue<String> questions = new LinkedBlockingQueue<>();
  private final Said said = new Said();
  private final Thread thread;

  private NvmlThread(String library) {
    thread = Thread.ofPlatform().daemon().name("nvml").start(() -> serve(library));
  }

  static NvmlThread start(String library) {
    return new NvmlThread(library);
  }

  private void serve(String library) {
    try {
      NvmlMain.serve(library, questions, lines -> lines.forEach(said::add));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    } finally {
      said.over();
    }
  }

  @Override
  public void ask(String question) {
    questions.add(question);
  }

  @Override
  public Optional<List<String>> hear(Duration patience) throws InterruptedException {
    return said.answer(patience);
  }

  @Override
  public boolean lives() {
    return thread.isAlive();
  }

  /** When it comes back from what it does. */
  @Override
  public void end() {
    questions.add(Lines.END);
  }
}
