package io.honker.cli.doctor;

import java.time.Duration;

/**
 * What the doctor calls too much.
 *
 * @param full whether indexes are compared with their tables, which takes longer
 * @param checkpoint whether a checkpoint may be done to tell why the log is large
 * @param overdue from when on something that is due is overdue
 * @param maxLogBytes from when on the log is large
 */
public record DoctorSettings(
    boolean full, boolean checkpoint, Duration overdue, long maxLogBytes) {}
