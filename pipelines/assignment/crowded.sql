-- Let go of the moves that find no place though all others leave as they are meant to: whoever is let go of stays.
DELETE FROM liaison_moves WHERE cin IN (
    SELECT move.cin
    FROM liaison_moves AS move
    JOIN roster AS chosen ON chosen.npi = move.npi
    WHERE move.turn > chosen.capacity - (
        SELECT count(*) FROM kept WHERE kept.npi = move.npi AND kept.cin NOT IN (SELECT cin FROM liaison_moves)
    )
);
