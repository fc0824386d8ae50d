-- Jobs are also found by their homeowner and their number: the worker writes all terms anew.
TRUNCATE job_terms, job_term_marks;
