-- apalis-postgres 1.0 retries without a pause and for ever; this trigger gives a failed job a growing pause and an end.
-- The story of each line, and the test that holds it, are in docs/decisions and tests/tests/jobs.
CREATE FUNCTION apalis.job_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- a panic leaves a finished job 'Running'
  IF NEW.status = 'Running' AND NEW.done_at IS DISTINCT FROM OLD.done_at THEN NEW.status := 'Failed'; END IF;
  -- a clean shutdown hands the job back and costs no attempt
  IF OLD.status = 'Queued' AND NEW.last_result->>'Err' = 'Re-enqueued due to worker shutdown' THEN
    NEW.attempts := OLD.attempts; RETURN NEW;
  END IF;
  IF OLD.status IN ('Queued', 'Running') AND NEW.status IN ('Failed', 'Pending') AND NEW.attempts > OLD.attempts THEN
    IF NEW.attempts >= NEW.max_attempts THEN NEW.status := 'Killed'; NEW.done_at := now();
    ELSIF NEW.run_at <= now() THEN
      NEW.run_at := now() + least(interval '1 hour', interval '2 s' * power(2, NEW.attempts - 1)) * (0.9 + 0.2 * random());
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_guard BEFORE UPDATE OF status ON apalis.jobs FOR EACH ROW EXECUTE FUNCTION apalis.job_guard();
