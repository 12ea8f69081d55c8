package io.solebox.engine.api;

import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;

/**
 * Devices of this machine that are opened to be tried, with no model beside.
 *
 * @param devices each by its whole name, as in {@code cuda:0}; closed with this
 * @param links what several of them can be tried with together; empty of one, or where their
 *     backend has no such trials
 */
public record TriedDevices(List<OpenDevice> devices, Optional<LinkTrials> links)
    implements AutoCloseable {
  public TriedDevices {
    devices = List.copyOf(devices);
  }

  /**
   * @param device as {@link DeviceWish} has it
   * @param threads CPU threads, 1 to {@link Engine#MAX_THREADS}
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} with reason and remedy; {@code
   *     INVALID_PARAMETER} for a device that none can be
   */
  public static TriedDevices open(String device, int threads) {
    return Devices.openToTry(device, threads);
  }

  @Override
  public void close() {
    devices.reversed().forEach(OpenDevice::close);
  }
}
