package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The one thread that talks to one GPU. It owns the device's primary context and everything in it;
 * all others hand their work over and wait. A context is current per operating system thread, so
 * virtual threads, which change theirs, must never call the driver themselves.
 *
 * <p>After an error that loses the context, every call fails until {@link #recover()} has made a
 * new one. What was allocated in the old one is gone; its owners notice by {@link #generation()}.
 */
public final class CudaThread implements AutoCloseable {
  /** Ends the thread. */
  private static final Task<?> END = new Task<>(() -> null);

  private final CudaDriver driver;
  private final GpuInfo info;
  private final Patience patience;
  private final LinkedBlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;

  /** Whether the context is to be given back. Touched by the thread alone. */
  private boolean retained;

  private volatile long context;
  private volatile boolean lost;
  private volatile boolean closed;
  private volatile int generation;

  private CudaThread(CudaDriver driver, GpuInfo info, Patience patience) {
    this.driver = driver;
    this.info = info;
    this.patience = patience;
    this.thread =
        Thread.ofPlatform().name("cuda-" + info.ordinal()).daemon(true).unstarted(this::work);
  }

  /**
   * Takes the device's primary context.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} or {@code OUT_OF_MEMORY} when the driver
   *     refuses
   */
  public static CudaThread open(CudaDriver driver, GpuInfo info, Patience patience) {
    var gpu = new CudaThread(driver, info, patience);
    gpu.thread.start();
    try {
      gpu.run(gpu::enterContext);
    } catch (SoleboxException e) {
      gpu.close();
      throw e;
    }
    return gpu;
  }

  private void enterContext() {
    context = driver.devices().retainContext(info.device());
    retained = true;
    driver.devices().setCurrentContext(context);
  }

  /**
   * Runs {@code work} on the GPU's thread and waits for it, whatever interrupts arrive meanwhile.
   */
  public <T> T call(Supplier<T> work) {
    return call(work, patience, 0);
  }

  private <T> T call(Supplier<T> work, Patience waiting, long expectedNanos) {
    if (Thread.currentThread() == thread) {
      return work.get();
    }
    var task = new Task<>(work);
    synchronized (tasks) { // so that nothing is queued behind the end
      if (closed) {
        throw new SoleboxException(
            ErrorCode.CLOSED, place(), "The GPU is closed.", "Open it again.");
      }
      tasks.add(task);
    }
    waiting.await(() -> task.done, expectedNanos);
    return task.await();
  }

  /** As {@link #call}, without a result. */
  public void run(Runnable work) {
    run(work, 0);
  }

  /**
   * The same.
   *
   * @param expectedNanos that such work took before; 0 when nothing is known
   */
  public void run(Runnable work, long expectedNanos) {
    run(work, patience, expectedNanos);
  }

  /** The same, waiting in another way than usual. */
  public void run(Runnable work, Patience waiting, long expectedNanos) {
    call(
        () -> {
          work.run();
          return null;
        },
        waiting,
        expectedNanos);
  }

  private void work() {
    for (Task<?> task = next(); task != END; task = next()) {
      task.perform(this::heard);
    }
  }

  private Task<?> next() {
    patience.await(() -> !tasks.isEmpty(), 0);
    while (true) {
      try {
        return tasks.take();
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread; END is how it ends.
      }
    }
  }

  /** Notes a loss, and says of a failure of the driver of which GPU it is. */
  private Throwable heard(Throwable thrown) {
    noteLoss(thrown);
    boolean unplaced = thrown instanceof SoleboxException e && e.place().isEmpty();
    return CudaFailure.behind(thrown)
        .filter(_ -> unplaced)
        .<Throwable>map(failure -> failure.explained(place()))
        .orElse(thrown);
  }

  void noteLoss(Throwable thrown) {
    if (CudaFailure.behind(thrown).filter(CudaFailure::losesContext).isPresent()) {
      lost = true;
    }
  }

  /** Whether the context is lost, so that everything in it is gone. */
  public boolean lost() {
    return lost;
  }

  /** The driver's handle of the context that it has now. */
  long context() {
    return context;
  }

  /** Counts the contexts that this thread has had. */
  public int generation() {
    return generation;
  }

  /**
   * Tears a lost context down and makes a new one, empty.
   *
   * @throws SoleboxException when the driver gives none; then only a new process can use the GPU
   */
  public void recover() {
    run(
        () -> {
          generation++;
          leaveContext(true);
          enterContext();
          lost = false;
        });
  }

  /** A driver may refuse even this after an error; what counts is what it says to the next one. */
  private void leaveContext(boolean reset) {
    try {
      if (reset) {
        driver.devices().resetContext(info.device());
      }
      if (retained) {
        retained = false;
        driver.devices().releaseContext(info.device());
      }
    } catch (SoleboxException e) {
      retained = false;
    }
  }

  /** What the probe found of this GPU. */
  public GpuInfo info() {
    return info;
  }

  Patience patience() {
    return patience;
  }

  CudaDriver driver() {
    return driver;
  }

  /** For messages, as in {@code cuda:1}. */
  public String place() {
    return "cuda:" + info.ordinal();
  }

  /** Guards the owners of device objects: a bug of ours when it throws. */
  void requireOwnThread() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "not on the thread of " + place() + " but on " + Thread.currentThread());
    }
  }

  /**
   * Lets go of something that was made in context {@code madeIn}. If that context is gone, so is
   * the thing.
   */
  void release(int madeIn, Runnable action) {
    run(
        () -> {
          if (!lost && madeIn == generation) {
            action.run();
          }
        });
  }

  /** Gives the context back and ends the thread; work already handed over is done first. */
  @Override
  public void close() {
    synchronized (tasks) {
      if (closed) {
        return;
      }
      closed = true;
      tasks.add(new Task<>(this::leave));
      tasks.add(END);
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Object leave() {
    leaveContext(lost && retained); // another user's context, where this one has had none
    return null;
  }

  /** One piece of work and its outcome. */
  private static final class Task<T> {
    private final Supplier<T> work;
    private T result;
    private Throwable failure;
    private volatile boolean done;

    Task(Supplier<T> work) {
      this.work = work;
    }

    void perform(UnaryOperator<Throwable> onFailure) {
      T value = null;
      Throwable thrown = null;
      try {
        value = work.get();
      } catch (Throwable t) {
        thrown = onFailure.apply(t);
      }
      synchronized (this) {
        result = value;
        failure = thrown;
        done = true;
        notifyAll();
      }
    }

    synchronized T await() {
      boolean interrupted = false;
      while (!done) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure) {
        case null -> {
          return result;
        }
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
  }
}
